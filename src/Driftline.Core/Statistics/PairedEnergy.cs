using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Driftline.Core.Statistics;

/// <summary>The energy distance, or squared maximum mean discrepancy, of two samples that are paired by prompt.</summary>
/// <param name="Value">Σ_{i≠j} H_ij / (n(n − 1)); around 0, and below it as often as above, when nothing changed.</param>
/// <param name="StdErr">Delete-one jackknife over prompts or clusters; null below 3 of them.</param>
/// <param name="Skewness">Sample skewness of the jackknife's pseudovalues.</param>
/// <param name="Units">Prompts, or clusters.</param>
/// <param name="Null">The statistic when generations are swapped at random within each prompt.</param>
public readonly record struct EnergyEstimate(double Value, double? StdErr, double Skewness, int Units, PermutationNull Null)
{
    /// <summary>The 95 % interval (see <see cref="SkewedInterval"/>); null without a standard error.</summary>
    public Interval? Interval => StdErr is { } error ? SkewedInterval.Of(Value, error, Units - 1, Skewness, Units) : null;
}

/// <summary>
/// Energy distance (Székely and Rizzo 2013) over pairs of different prompts only, since answers to one prompt are alike whatever the
/// generation: H_ij = mean over repeats of d(X_i, Y_j) + d(Y_i, X_j) − d(X_i, X_j) − d(Y_i, Y_j), d Euclidean between unit vectors.
/// Swapping the generations of a prompt changes the sign of its row and column, so that the null is sᵀHs with s ∈ {±1}ⁿ. With the
/// negative Gaussian kernel for d, it is the squared maximum mean discrepancy (Gretton et al. 2012; Sejdinovic et al. 2013).
/// </summary>
/// <remarks>
/// H is never held whole: it is made in tiles of 32 × 32 prompts above the diagonal, each used at once for the value, the row sums of
/// the jackknife and all permutations. Rows of tiles go to the cores and are added up in order, so the result does not depend on their
/// number. Cost: n²K²·2·dimension + n²/2·permutations multiplications.
/// </remarks>
public sealed class PairedEnergy
{
    private const int TilePrompts = 32;
    private const int HalfPanel = MatrixTile.Columns / 2;

    private const int Panels = (PermutationNull.Permutations + MatrixTile.Columns - 1) / MatrixTile.Columns;

    /// <summary>For each byte the signs that its bits stand for, lowest first.</summary>
    private static readonly double[] SignsOfByte = [.. Enumerable.Range(0, 256).SelectMany(bits => Enumerable.Range(0, 8).Select(bit => ((bits >> bit) & 1) == 0 ? 1.0 : -1))];

    /// <summary>Rows of tiles whose sums are held at once: each has one for every prompt.</summary>
    private const int RowsTogether = 64;

    private readonly int _count;
    private readonly int _dimension;
    private readonly Tile[] _tiles;
    private readonly int[] _clusters;
    private readonly int[] _spaces;
    private readonly int _clusterCount;
    private readonly int _spaceCount;
    private readonly Vector512<double>? _precision;

    /// <summary>Prepares the computation.</summary>
    /// <param name="vectors">
    /// The unit vectors of each prompt, row-major: first those of the one side, then as many of the other.
    /// </param>
    /// <param name="dimension">Length of a vector.</param>
    /// <param name="clusters">The cluster of each prompt, from 0; empty without clusters.</param>
    /// <param name="spaces">The space that each prompt's vectors lie in, where there are several: only pairs of one space count. Empty for one space.</param>
    /// <param name="bandwidth">σ of the Gaussian kernel, above 0; null for the Euclidean distance.</param>
    public PairedEnergy(IReadOnlyList<double[]> vectors, int dimension, int[] clusters, int[]? spaces = null, double? bandwidth = null)
    {
        _precision = bandwidth is { } sigma ? Vector512.Create(1 / (sigma * sigma)) : null;
        _spaces = spaces is null or [] ? new int[vectors.Count] : spaces;
        _count = vectors.Count;
        _dimension = dimension;
        _clusters = clusters.Length == 0 ? [.. Enumerable.Range(0, _count)] : clusters;
        _clusterCount = _clusters.Length == 0 ? 0 : _clusters.Max() + 1;
        _spaceCount = _count == 0 ? 0 : _spaces.Max() + 1;
        _tiles = new Tile[(_count + TilePrompts - 1) / TilePrompts];
        for (var t = 0; t < _tiles.Length; t++)
        {
            _tiles[t] = new Tile(vectors, t * TilePrompts, Math.Min(TilePrompts, _count - (t * TilePrompts)), dimension);
        }
    }

    /// <summary>Computes value, jackknife and null.</summary>
    /// <param name="random">The seed of the permutations.</param>
    /// <returns>Too few below 2 prompts.</returns>
    public Outcome<EnergyEstimate> Compute(SeededRandom random)
    {
        if (_count < 2)
        {
            return Outcome.TooFew<EnergyEstimate>($"{_count} prompt{(_count == 1 ? "" : "s")} with embeddings on both sides: a distance over different prompts needs at least 2.");
        }

        var signs = Signs(random);
        var rowSums = new double[_count];
        var within = new double[_clusterCount];
        var nulls = new double[PermutationNull.Permutations];
        foreach (var rows in Enumerable.Range(0, _tiles.Length).Chunk(RowsTogether))
        {
            var parts = new Part[rows.Length];
            Parallel.For(0, rows.Length, i => parts[i] = ComputeRow(rows[i], signs));
            foreach (var part in parts)
            {
                System.Numerics.Tensors.TensorPrimitives.Add(rowSums, part.RowSums, rowSums);
                System.Numerics.Tensors.TensorPrimitives.Add(within, part.Within, within);
                System.Numerics.Tensors.TensorPrimitives.Add(nulls, part.Nulls.AsSpan(0, nulls.Length), nulls);
            }
        }

        var pairs = Pairs(InSpace(Enumerable.Range(0, _count)));
        if (pairs == 0)
        {
            return Outcome.TooFew<EnergyEstimate>("No two prompts lie in one space of embeddings.");
        }

        var total = rowSums.Sum();
        for (var p = 0; p < nulls.Length; p++)
        {
            nulls[p] /= pairs;
        }

        var value = total / pairs;
        var (stdErr, skewness, units) = LeaveOut(rowSums, within, total);
        return Outcome.Of(new EnergyEstimate(value, stdErr, skewness, units, PermutationNull.Of(nulls, value)));
    }

    /// <summary>Ordered pairs of different prompts in one space, from the prompts in each space.</summary>
    private static double Pairs(double[] inSpace) => inSpace.Sum(size => size * (size - 1));

    /// <summary>How many of some prompts lie in each space.</summary>
    private double[] InSpace(IEnumerable<int> prompts)
    {
        var sizes = new double[_spaceCount];
        foreach (var prompt in prompts)
        {
            sizes[_spaces[prompt]]++;
        }

        return sizes;
    }

    /// <summary>Leaving a cluster out takes away its rows and columns, whose common part would else be taken twice.</summary>
    private (double? StdErr, double Skewness, int Units) LeaveOut(double[] rowSums, double[] within, double total)
    {
        var inSpace = InSpace(Enumerable.Range(0, _count));
        var clusters = Enumerable.Range(0, _count).GroupBy(prompt => _clusters[prompt]).ToArray();
        var left = new List<double>(clusters.Length);
        foreach (var cluster in clusters)
        {
            var rest = InSpace(cluster);
            System.Numerics.Tensors.TensorPrimitives.Subtract(inSpace, rest, rest);
            var pairs = Pairs(rest);
            if (pairs > 0)
            {
                left.Add((total - (2 * cluster.Sum(prompt => rowSums[prompt])) + within[cluster.Key]) / pairs);
            }
        }

        var units = clusters.Length;
        return left.Count == units && JackknifeEstimate.Of([.. left]) is { } jackknife ? (jackknife.StdErr, jackknife.Skewness, units) : (null, 0, units);
    }

    /// <summary>Panels of permutations: for each and every prompt its signs, a bit a permutation, 1 for minus.</summary>
    private ushort[] Signs(SeededRandom random)
    {
        var signs = new ushort[Panels * _count];
        Parallel.For(0, Panels, panel =>
        {
            var streams = new SeededRandom[MatrixTile.Columns];
            var bits = new ulong[MatrixTile.Columns];
            for (var p = 0; p < streams.Length; p++)
            {
                streams[p] = random.Split((ulong)((panel * MatrixTile.Columns) + p));
            }

            var target = signs.AsSpan(panel * _count, _count);
            for (var i = 0; i < _count; i++)
            {
                for (var p = 0; p < bits.Length; p++)
                {
                    bits[p] = i % 64 == 0 ? streams[p].NextUInt64() : bits[p] >> 1;
                    target[i] |= (ushort)((bits[p] & 1) << p);
                }
            }
        });

        return signs;
    }

    /// <summary>The signs of the prompts of a tile as numbers, panel by panel and in each prompt by prompt. As numbers those of all prompts would take 64 times the memory.</summary>
    private void Unpack(ushort[] signs, int tile, double[] unpacked)
    {
        var start = tile * TilePrompts;
        for (var panel = 0; panel < Panels; panel++)
        {
            var packed = signs.AsSpan((panel * _count) + start, _tiles[tile].Prompts);
            ref var target = ref unpacked[panel * TilePrompts * MatrixTile.Columns];
            foreach (var bits in packed)
            {
                Vector512.LoadUnsafe(ref SignsOfByte[(bits & 0xFF) * HalfPanel]).StoreUnsafe(ref target);
                Vector512.LoadUnsafe(ref SignsOfByte[(bits >> 8) * HalfPanel]).StoreUnsafe(ref target, HalfPanel);
                target = ref Unsafe.Add(ref target, MatrixTile.Columns);
            }
        }
    }

    private Part ComputeRow(int row, ushort[] signs)
    {
        var part = new Part(_count, _clusterCount, Panels * MatrixTile.Columns);
        var rowSigns = new double[Panels * TilePrompts * MatrixTile.Columns];
        var columnSigns = new double[rowSigns.Length];
        Unpack(signs, row, rowSigns);
        var height = _tiles[row].Prompts;
        var heightPadded = MatrixTile.Padded(height, MatrixTile.Rows);
        var h = new double[heightPadded * TilePrompts];
        var sums = new double[TilePrompts * _tiles.Max(tile => tile.PanelColumns)];
        for (var column = row; column < _tiles.Length; column++)
        {
            var width = _tiles[column].Prompts;
            Array.Clear(h);
            if (_precision is null)
            {
                Differences<EuclideanKernel>(row, column, h, sums);
            }
            else
            {
                Differences<GaussianKernel>(row, column, h, sums);
            }

            AddSums(part, row, column, h, width);

            // The tile below the diagonal is this one's transpose and adds as much.
            Unpack(signs, column, columnSigns);
            AddNulls(part, height, width, h, rowSigns, columnSigns, row == column ? 1 : 2);
        }

        return part;
    }

    /// <summary>Writes H of two tiles of prompts, row-major, heightPadded × width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Differences<TKernel>(int row, int column, double[] h, double[] sums)
        where TKernel : struct, IPairKernel
    {
        var scale = _precision ?? Vector512<double>.One;
        var (left, right) = (_tiles[row], _tiles[column]);
        Array.Clear(sums);
        var columns = right.PanelColumns;
        for (var panel = 0; panel < columns; panel += MatrixTile.Columns)
        {
            var rightPanel = right.Panels.AsSpan(panel * _dimension);
            for (var first = 0; first < left.Rows; first += MatrixTile.Rows)
            {
                var dots = MatrixTile.Multiply(left.Vectors.AsSpan(first * _dimension), _dimension, rightPanel);
                ref var owner = ref left.Owner[first];
                ref var sign = ref left.Sign[first];
                AddDistances<TKernel>(dots.L0, dots.R0, scale, sign, ref sums[(owner * columns) + panel]);
                AddDistances<TKernel>(dots.L1, dots.R1, scale, Unsafe.Add(ref sign, 1), ref sums[(Unsafe.Add(ref owner, 1) * columns) + panel]);
                AddDistances<TKernel>(dots.L2, dots.R2, scale, Unsafe.Add(ref sign, 2), ref sums[(Unsafe.Add(ref owner, 2) * columns) + panel]);
                AddDistances<TKernel>(dots.L3, dots.R3, scale, Unsafe.Add(ref sign, 3), ref sums[(Unsafe.Add(ref owner, 3) * columns) + panel]);
                AddDistances<TKernel>(dots.L4, dots.R4, scale, Unsafe.Add(ref sign, 4), ref sums[(Unsafe.Add(ref owner, 4) * columns) + panel]);
                AddDistances<TKernel>(dots.L5, dots.R5, scale, Unsafe.Add(ref sign, 5), ref sums[(Unsafe.Add(ref owner, 5) * columns) + panel]);
                AddDistances<TKernel>(dots.L6, dots.R6, scale, Unsafe.Add(ref sign, 6), ref sums[(Unsafe.Add(ref owner, 6) * columns) + panel]);
                AddDistances<TKernel>(dots.L7, dots.R7, scale, Unsafe.Add(ref sign, 7), ref sums[(Unsafe.Add(ref owner, 7) * columns) + panel]);
            }
        }

        for (var i = 0; i < left.Prompts; i++)
        {
            var ofRow = sums.AsSpan(i * columns, columns);
            var at = 0;
            for (var j = 0; j < right.Prompts; j++)
            {
                double difference = 0;
                var repeats = right.Repeats[j];
                foreach (var sum in ofRow.Slice(at, repeats))
                {
                    difference -= sum;
                }

                foreach (var sum in ofRow.Slice(at + repeats, repeats))
                {
                    difference += sum;
                }

                at += 2 * repeats;
                var counts = (row != column || i != j) && _spaces[(row * TilePrompts) + i] == _spaces[(column * TilePrompts) + j];
                h[(i * right.Prompts) + j] = counts ? difference / ((double)left.Repeats[i] * repeats) : 0;
            }
        }
    }

    /// <summary>Adds the signed distances of unit vectors with these dot products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddDistances<TKernel>(Vector512<double> left, Vector512<double> right, Vector512<double> scale, double sign, ref double target)
        where TKernel : struct, IPairKernel
    {
        Vector512.FusedMultiplyAdd(TKernel.Distance(left, scale), Vector512.Create(sign), Vector512.LoadUnsafe(ref target)).StoreUnsafe(ref target);
        ref var half = ref Unsafe.Add(ref target, HalfPanel);
        Vector512.FusedMultiplyAdd(TKernel.Distance(right, scale), Vector512.Create(sign), Vector512.LoadUnsafe(ref half)).StoreUnsafe(ref half);
    }

    private void AddSums(Part part, int row, int column, double[] h, int width)
    {
        var top = row * TilePrompts;
        var start = column * TilePrompts;
        for (var i = 0; i < _tiles[row].Prompts; i++)
        {
            for (var j = 0; j < width; j++)
            {
                var value = h[(i * width) + j];
                part.RowSums[top + i] += value;
                var together = _clusters[top + i] == _clusters[start + j];
                if (row != column)
                {
                    part.RowSums[start + j] += value;
                }

                if (together)
                {
                    part.Within[_clusters[top + i]] += row == column ? value : 2 * value;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddNulls(Part part, int height, int width, double[] h, double[] rowSigns, double[] columnSigns, double weight)
    {
        var factor = Vector512.Create(weight);
        for (var panel = 0; panel < part.Nulls.Length; panel += MatrixTile.Columns)
        {
            var panelRows = rowSigns.AsSpan(panel * TilePrompts);
            var panelColumns = columnSigns.AsSpan(panel * TilePrompts);
            var (sumLeft, sumRight) = (Vector512<double>.Zero, Vector512<double>.Zero);
            for (var first = 0; first < height; first += MatrixTile.Rows)
            {
                var products = MatrixTile.Multiply(h.AsSpan(first * width), width, panelColumns);
                ref var signs = ref MemoryMarshal.GetReference(panelRows.Slice(first * MatrixTile.Columns, MatrixTile.Rows * MatrixTile.Columns));
                sumLeft = Vector512.FusedMultiplyAdd(products.L0, Vector512.LoadUnsafe(ref signs), sumLeft);
                sumRight = Vector512.FusedMultiplyAdd(products.R0, Vector512.LoadUnsafe(ref signs, HalfPanel), sumRight);
                sumLeft = Vector512.FusedMultiplyAdd(products.L1, Vector512.LoadUnsafe(ref signs, MatrixTile.Columns), sumLeft);
                sumRight = Vector512.FusedMultiplyAdd(products.R1, Vector512.LoadUnsafe(ref signs, MatrixTile.Columns + HalfPanel), sumRight);
                sumLeft = Vector512.FusedMultiplyAdd(products.L2, Vector512.LoadUnsafe(ref signs, 2 * MatrixTile.Columns), sumLeft);
                sumRight = Vector512.FusedMultiplyAdd(products.R2, Vector512.LoadUnsafe(ref signs, (2 * MatrixTile.Columns) + HalfPanel), sumRight);
                sumLeft = Vector512.FusedMultiplyAdd(products.L3, Vector512.LoadUnsafe(ref signs, 3 * MatrixTile.Columns), sumLeft);
                sumRight = Vector512.FusedMultiplyAdd(products.R3, Vector512.LoadUnsafe(ref signs, (3 * MatrixTile.Columns) + HalfPanel), sumRight);
                sumLeft = Vector512.FusedMultiplyAdd(products.L4, Vector512.LoadUnsafe(ref signs, 4 * MatrixTile.Columns), sumLeft);
                sumRight = Vector512.FusedMultiplyAdd(products.R4, Vector512.LoadUnsafe(ref signs, (4 * MatrixTile.Columns) + HalfPanel), sumRight);
                sumLeft = Vector512.FusedMultiplyAdd(products.L5, Vector512.LoadUnsafe(ref signs, 5 * MatrixTile.Columns), sumLeft);
                sumRight = Vector512.FusedMultiplyAdd(products.R5, Vector512.LoadUnsafe(ref signs, (5 * MatrixTile.Columns) + HalfPanel), sumRight);
                sumLeft = Vector512.FusedMultiplyAdd(products.L6, Vector512.LoadUnsafe(ref signs, 6 * MatrixTile.Columns), sumLeft);
                sumRight = Vector512.FusedMultiplyAdd(products.R6, Vector512.LoadUnsafe(ref signs, (6 * MatrixTile.Columns) + HalfPanel), sumRight);
                sumLeft = Vector512.FusedMultiplyAdd(products.L7, Vector512.LoadUnsafe(ref signs, 7 * MatrixTile.Columns), sumLeft);
                sumRight = Vector512.FusedMultiplyAdd(products.R7, Vector512.LoadUnsafe(ref signs, (7 * MatrixTile.Columns) + HalfPanel), sumRight);
            }

            ref var target = ref part.Nulls[panel];
            Vector512.FusedMultiplyAdd(sumLeft, factor, Vector512.LoadUnsafe(ref target)).StoreUnsafe(ref target);
            ref var second = ref part.Nulls[panel + HalfPanel];
            Vector512.FusedMultiplyAdd(sumRight, factor, Vector512.LoadUnsafe(ref second)).StoreUnsafe(ref second);
        }
    }

    /// <summary>What one row of tiles adds.</summary>
    private sealed class Part(int prompts, int clusters, int permutations)
    {
        public double[] RowSums { get; } = new double[prompts];

        public double[] Within { get; } = new double[clusters];

        public double[] Nulls { get; } = new double[permutations];
    }

    /// <summary>The vectors of some prompts, as rows and as panels, with the prompt and the side of each.</summary>
    private sealed class Tile
    {
        public Tile(IReadOnlyList<double[]> vectors, int start, int prompts, int dimension)
        {
            Prompts = prompts;
            Repeats = new int[prompts];
            for (var i = 0; i < prompts; i++)
            {
                Repeats[i] = vectors[start + i].Length / dimension / 2;
                Rows += 2 * Repeats[i];
            }

            Vectors = new double[MatrixTile.Padded(Rows, MatrixTile.Rows) * dimension];

            // The rows that only fill the last block have sign 0, and so add nothing to the prompt that they are booked on.
            Owner = new int[MatrixTile.Padded(Rows, MatrixTile.Rows)];
            Sign = new double[Owner.Length];
            var row = 0;
            for (var i = 0; i < prompts; i++)
            {
                vectors[start + i].CopyTo(Vectors, row * dimension);
                for (var r = 0; r < 2 * Repeats[i]; r++, row++)
                {
                    Owner[row] = i;
                    Sign[row] = r < Repeats[i] ? 1 : -1;
                }
            }

            Panels = MatrixTile.Panels(Vectors, Rows, dimension);
            PanelColumns = MatrixTile.Padded(Rows, MatrixTile.Columns);
        }

        public int Prompts { get; }

        public int[] Repeats { get; }

        public int Rows { get; }

        public int PanelColumns { get; }

        public double[] Vectors { get; }

        public double[] Panels { get; }

        public int[] Owner { get; }

        public double[] Sign { get; }
    }
}
