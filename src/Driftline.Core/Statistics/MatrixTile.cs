using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Driftline.Core.Statistics;

/// <summary>
/// Products of small matrices, six rows by eight columns at a time: the left one row by row, the right one in panels of eight
/// columns (for each panel, for each row of it, its eight values). Both padded with zeros.
/// </summary>
internal static class MatrixTile
{
    /// <summary>Rows of a block.</summary>
    public const int Rows = 6;

    /// <summary>Columns of a panel.</summary>
    public const int Columns = 8;

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

    /// <summary>The product of six rows and one panel.</summary>
    /// <param name="rows">Where the first of six rows starts.</param>
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
            var column = Vector512.LoadUnsafe(ref b, (nuint)(k * Columns));
            block.R0 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref a, k)), column, block.R0);
            block.R1 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref a, k + depth)), column, block.R1);
            block.R2 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref a, k + (2 * depth))), column, block.R2);
            block.R3 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref a, k + (3 * depth))), column, block.R3);
            block.R4 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref a, k + (4 * depth))), column, block.R4);
            block.R5 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref a, k + (5 * depth))), column, block.R5);
        }

        return block;
    }

    /// <summary>Six rows of eight values.</summary>
    internal struct Block
    {
        public Vector512<double> R0;
        public Vector512<double> R1;
        public Vector512<double> R2;
        public Vector512<double> R3;
        public Vector512<double> R4;
        public Vector512<double> R5;
    }
}
