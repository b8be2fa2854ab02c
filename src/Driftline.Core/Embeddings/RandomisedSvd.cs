using Driftline.Core.Statistics;
using MathNet.Numerics.LinearAlgebra.Double;

namespace Driftline.Core.Embeddings;

/// <summary>A row of a sparse matrix.</summary>
/// <param name="Buckets">Columns with a value, ascending.</param>
/// <param name="Values">Their values.</param>
internal readonly record struct SparseRow(int[] Buckets, float[] Values);

/// <summary>
/// Truncated singular value decomposition of a tall sparse matrix by a random range finder with power iterations (Halko, Martinsson
/// and Tropp 2011, algorithms 4.4 and 5.1). Seeded; sums run in one order, so the result is the same on any number of cores.
/// </summary>
internal static class RandomisedSvd
{
    private const int Oversampling = 16;
    private const int PowerIterations = 2;

    /// <summary>The leading right singular vectors.</summary>
    /// <param name="rows">The matrix.</param>
    /// <param name="columns">Its number of columns.</param>
    /// <param name="rank">How many vectors; where the matrix has a lower rank the rest is 0.</param>
    /// <param name="random">The seed.</param>
    /// <returns>Row-major, columns × rank; orthonormal, each with its largest component positive.</returns>
    public static float[] RightVectors(SparseRow[] rows, int columns, int rank, SeededRandom random)
    {
        // Columns that no row uses have no part in any vector; leaving them out saves most of the work.
        int[] used = [.. rows.SelectMany(row => row.Buckets).Distinct().Order()];
        var places = new int[columns];
        for (var i = 0; i < used.Length; i++)
        {
            places[used[i]] = i;
        }

        var dense = Leading(new UsedColumns(rows, places), used.Length, rank, random);
        var vectors = new float[columns * rank];
        for (var i = 0; i < used.Length; i++)
        {
            for (var k = 0; k < rank; k++)
            {
                vectors[(used[i] * rank) + k] = (float)dense[(i * rank) + k];
            }
        }

        return vectors;
    }

    private static double[] Leading(UsedColumns matrix, int columns, int rank, SeededRandom random)
    {
        var height = matrix.Rows.Length;
        var width = Math.Min(rank + Oversampling, Math.Min(height, columns));
        var probe = new double[columns * width];
        for (var i = 0; i < probe.Length; i++)
        {
            probe[i] = random.NextNormal();
        }

        var range = Orthonormal(Times(matrix, probe, width), height, width);
        for (var iteration = 0; iteration < PowerIterations; iteration++)
        {
            var back = Orthonormal(TransposedTimes(matrix, range, columns, width), columns, width);
            range = Orthonormal(Times(matrix, back, width), height, width);
        }

        // B = QᵀA; the eigenvectors of BBᵀ turn Bᵀ into singular values times right singular vectors.
        var b = TransposedTimes(matrix, range, columns, width);
        var (values, vectors) = Eigen(b, columns, width);
        var kept = 0;
        while (kept < Math.Min(rank, width) && values[kept] > 1e-20 * values[0])
        {
            kept++;
        }

        var rotated = Rotate(b, columns, width, vectors, [.. Enumerable.Range(0, width).Select(k => k < kept ? 1 / Math.Sqrt(values[k]) : 0)]);
        var leading = new double[columns * rank];
        for (var row = 0; row < columns; row++)
        {
            rotated.AsSpan(row * width, kept).CopyTo(leading.AsSpan(row * rank));
        }

        for (var k = 0; k < kept; k++)
        {
            FixSign(leading, columns, rank, k);
        }

        return leading;
    }

    private static double[] Times(UsedColumns matrix, double[] dense, int width)
    {
        var (rows, places) = matrix;
        var product = new double[rows.Length * width];
        Parallel.For(0, rows.Length, i =>
        {
            var target = product.AsSpan(i * width, width);
            for (var e = 0; e < rows[i].Buckets.Length; e++)
            {
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(dense.AsSpan(places[rows[i].Buckets[e]] * width, width), rows[i].Values[e], target, target);
            }
        });
        return product;
    }

    private static double[] TransposedTimes(UsedColumns matrix, double[] dense, int columns, int width)
    {
        var (rows, places) = matrix;

        // One thread: every column sums over the rows in their order.
        var product = new double[columns * width];
        for (var i = 0; i < rows.Length; i++)
        {
            var source = dense.AsSpan(i * width, width);
            for (var e = 0; e < rows[i].Buckets.Length; e++)
            {
                var target = product.AsSpan(places[rows[i].Buckets[e]] * width, width);
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(source, rows[i].Values[e], target, target);
            }
        }

        return product;
    }

    /// <summary>Makes the columns orthonormal through the eigenvectors of their Gram matrix, twice for accuracy; columns that depend on others become 0.</summary>
    private static double[] Orthonormal(double[] matrix, int height, int width) => Whiten(Whiten(matrix, height, width), height, width);

    private static double[] Whiten(double[] matrix, int height, int width)
    {
        var (values, vectors) = Eigen(matrix, height, width);
        return Rotate(matrix, height, width, vectors, Array.ConvertAll(values, value => value > 1e-12 * values[0] ? 1 / Math.Sqrt(value) : 0));
    }

    /// <summary>M·V with the columns scaled, which takes the place of M.</summary>
    private static double[] Rotate(double[] matrix, int height, int width, double[] vectors, double[] scale)
    {
        Parallel.For(0, height, () => new double[width], (row, _, rotated) =>
        {
            var source = matrix.AsSpan(row * width, width);
            Array.Clear(rotated);
            for (var j = 0; j < width; j++)
            {
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(vectors.AsSpan(j * width, width), source[j], rotated, rotated);
            }

            System.Numerics.Tensors.TensorPrimitives.Multiply(rotated, scale, source);
            return rotated;
        }, _ => { });
        return matrix;
    }

    /// <summary>Eigenvalues, largest first, and eigenvectors (the columns of a row-major matrix) of MᵀM.</summary>
    private static (double[] Values, double[] Vectors) Eigen(double[] matrix, int height, int width)
    {
        var gram = new double[width * width];
        for (var row = 0; row < height; row++)
        {
            var source = matrix.AsSpan(row * width, width);
            for (var j = 0; j < width; j++)
            {
                if (source[j] != 0)
                {
                    var target = gram.AsSpan(j * width, width);
                    System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(source, source[j], target, target);
                }
            }
        }

        var decomposition = new DenseMatrix(width, width, gram).Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric);
        var values = new double[width];
        var vectors = new double[width * width];
        for (var k = 0; k < width; k++)
        {
            values[k] = decomposition.EigenValues[width - 1 - k].Real;
            for (var j = 0; j < width; j++)
            {
                vectors[(j * width) + k] = decomposition.EigenVectors[j, width - 1 - k];
            }
        }

        return (values, vectors);
    }

    private static void FixSign(double[] vectors, int height, int rank, int column)
    {
        double largest = 0;
        for (var row = 0; row < height; row++)
        {
            var value = vectors[(row * rank) + column];
            largest = Math.Abs(value) > Math.Abs(largest) ? value : largest;
        }

        if (largest < 0)
        {
            for (var row = 0; row < height; row++)
            {
                vectors[(row * rank) + column] *= -1;
            }
        }
    }

    /// <summary>A matrix without the columns that no row uses.</summary>
    /// <param name="Rows">Its rows, in all columns.</param>
    /// <param name="Places">The place of each column among those that are used.</param>
    private readonly record struct UsedColumns(SparseRow[] Rows, int[] Places);
}
