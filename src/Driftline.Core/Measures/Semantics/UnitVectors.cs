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
            var logged = table.Embeddings.AsSpan(row * dimension, dimension);
            double squares = 0;
            foreach (var value in logged)
            {
                squares += (double)value * value;
            }

            if (!(squares > 0) || double.IsInfinity(squares))
            {
                continue;
            }

            var norm = Math.Sqrt(squares);
            var unit = new double[dimension];
            for (var k = 0; k < dimension; k++)
            {
                unit[k] = logged[k] / norm;
            }

            vectors.Add(unit);
        }

        return vectors;
    }
}
