using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Driftline.Core.Statistics;

/// <summary>
/// Products of small matrices, eight rows by sixteen columns at a time: the left one row by row, the right one in panels of
/// sixteen columns (for each panel, for each row of it, its sixteen values). Both padded with zeros.
/// </summary>
internal static class MatrixTile
{
    /// <summary>Rows of a block.</summary>
    public const int Rows = 8;

    /// <summary>Columns of a panel.</summary>
    public const int Columns = 16;

    /// <summary>Rounds up to whole blocks.</summary>
    public static int Padded(int count, int block) => (count + block - 1) / block * block;

    /// <summary>Lays out the columns (given as rows of a row-major matrix) in panels.</summary>
    /// <param name="rows">Row-major, count × depth.</param>
    /// <param name="count">Number of rows, which become columns.</param>
    /// <param name="depth">Their length.</param>
    public static double[] Panels(ReadOnlySpan<double> rows, int count, int depth)
    {
        var panels = new double[Padded(count, Columns) * depth];
        for (var i = 0; i < count; i++)
        {
            var target = (i / Columns * Columns * depth) + (i % Columns);
            for (var k = 0; k < depth; k++)
            {
                panels[target + (k * Columns)] = rows[(i * depth) + k];
            }
        }

        return panels;
    }

    /// <summary>The product of eight rows and one panel.</summary>
    /// <param name="rows">Where the first of eight rows starts.</param>
    /// <param name="depth">Length of a row, and rows of the panel.</param>
    /// <param name="panel">Where the panel starts.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Block Multiply(ReadOnlySpan<double> rows, int depth, ReadOnlySpan<double> panel)
    {
        ref var b = ref MemoryMarshal.GetReference(panel[..(depth * Columns)]);
        ref var a = ref MemoryMarshal.GetReference(rows[..(depth * Rows)]);
        Block block = default;
        for (var k = 0; k < depth; k++)
        {
            var left = Vector512.LoadUnsafe(ref b, (nuint)(k * Columns));
            var right = Vector512.LoadUnsafe(ref b, (nuint)((k * Columns) + (Columns / 2)));
            var a0 = Vector512.Create(Unsafe.Add(ref a, k));
            block.L0 = Vector512.FusedMultiplyAdd(a0, left, block.L0);
            block.R0 = Vector512.FusedMultiplyAdd(a0, right, block.R0);
            var a1 = Vector512.Create(Unsafe.Add(ref a, k + depth));
            block.L1 = Vector512.FusedMultiplyAdd(a1, left, block.L1);
            block.R1 = Vector512.FusedMultiplyAdd(a1, right, block.R1);
            var a2 = Vector512.Create(Unsafe.Add(ref a, k + (2 * depth)));
            block.L2 = Vector512.FusedMultiplyAdd(a2, left, block.L2);
            block.R2 = Vector512.FusedMultiplyAdd(a2, right, block.R2);
            var a3 = Vector512.Create(Unsafe.Add(ref a, k + (3 * depth)));
            block.L3 = Vector512.FusedMultiplyAdd(a3, left, block.L3);
            block.R3 = Vector512.FusedMultiplyAdd(a3, right, block.R3);
            var a4 = Vector512.Create(Unsafe.Add(ref a, k + (4 * depth)));
            block.L4 = Vector512.FusedMultiplyAdd(a4, left, block.L4);
            block.R4 = Vector512.FusedMultiplyAdd(a4, right, block.R4);
            var a5 = Vector512.Create(Unsafe.Add(ref a, k + (5 * depth)));
            block.L5 = Vector512.FusedMultiplyAdd(a5, left, block.L5);
            block.R5 = Vector512.FusedMultiplyAdd(a5, right, block.R5);
            var a6 = Vector512.Create(Unsafe.Add(ref a, k + (6 * depth)));
            block.L6 = Vector512.FusedMultiplyAdd(a6, left, block.L6);
            block.R6 = Vector512.FusedMultiplyAdd(a6, right, block.R6);
            var a7 = Vector512.Create(Unsafe.Add(ref a, k + (7 * depth)));
            block.L7 = Vector512.FusedMultiplyAdd(a7, left, block.L7);
            block.R7 = Vector512.FusedMultiplyAdd(a7, right, block.R7);
        }

        return block;
    }

    /// <summary>Eight rows of sixteen values, the left and the right half of each.</summary>
    internal struct Block
    {
        public Vector512<double> L0;
        public Vector512<double> R0;
        public Vector512<double> L1;
        public Vector512<double> R1;
        public Vector512<double> L2;
        public Vector512<double> R2;
        public Vector512<double> L3;
        public Vector512<double> R3;
        public Vector512<double> L4;
        public Vector512<double> R4;
        public Vector512<double> L5;
        public Vector512<double> R5;
        public Vector512<double> L6;
        public Vector512<double> R6;
        public Vector512<double> L7;
        public Vector512<double> R7;
    }
}
