using System.Numerics.Tensors;

namespace Driftline.Core.Measures.Semantics;

/// <summary>Embeddings as unit vectors.</summary>
internal static class UnitVectors
{
    /// <summary>The L2-normalised embeddings of a prompt's rows; rows without one, or with a zero vector, are left out.</summary>
    public static List<double[]> OfPrompt(EvaluationTable table, int prompt)
    {
        var dimension = table.EmbeddingDimension;
        var vectors = new List<double[]>();
        for (var row = table.RowStart[prompt]; row < table.RowStart[prompt + 1]; row++)
        {
            // As doubles, since squares of large floats are infinite as floats.
            var unit = new double[dimension];
            TensorPrimitives.ConvertTruncating<float, double>(table.Embeddings.AsSpan(row * dimension, dimension), unit);
            var squares = TensorPrimitives.SumOfSquares<double>(unit);
            if (!(squares > 0) || double.IsInfinity(squares))
            {
                continue;
            }

            TensorPrimitives.Divide(unit, Math.Sqrt(squares), unit);
            vectors.Add(unit);
        }

        return vectors;
    }
}
