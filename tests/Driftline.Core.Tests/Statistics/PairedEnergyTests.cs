using Driftline.Core.Statistics;

namespace Driftline.Core.Tests.Statistics;

public sealed class PairedEnergyTests
{
    [Theory]
    [InlineData(40, 1)]
    [InlineData(70, 3)]
    public void Compute_MatchesTheDefinitionWrittenOut(int prompts, int repeats)
    {
        var vectors = Vectors(prompts, repeats, 5, shift: 0.4, seed: 1);
        var h = new double[prompts, prompts];
        for (var i = 0; i < prompts; i++)
        {
            for (var j = 0; j < prompts; j++)
            {
                for (var a = 0; a < repeats && i != j; a++)
                {
                    for (var b = 0; b < repeats; b++)
                    {
                        h[i, j] += (Distance(i, a, j, repeats + b) + Distance(i, repeats + a, j, b) - Distance(i, a, j, b) - Distance(i, repeats + a, j, repeats + b)) / (repeats * repeats);
                    }
                }
            }
        }

        var value = h.Cast<double>().Sum() / (prompts * (prompts - 1));
        var left = Enumerable.Range(0, prompts).Select(out_ =>
        {
            double sum = 0;
            for (var i = 0; i < prompts; i++)
            {
                for (var j = 0; j < prompts; j++)
                {
                    sum += i == out_ || j == out_ ? 0 : h[i, j];
                }
            }

            return sum / ((prompts - 1) * (prompts - 2));
        }).ToArray();
        var mean = left.Average();

        var estimate = new PairedEnergy(vectors, 5, []).Compute(new SeededRandom(2)).Value;

        Assert.Equal(value, estimate.Value, 1e-12);
        Assert.Equal(Math.Sqrt((prompts - 1.0) / prompts * left.Sum(v => (v - mean) * (v - mean))), estimate.StdErr!.Value, 1e-12);
        Assert.InRange(estimate.Null.Mean, -estimate.Null.P95, estimate.Null.P95);

        double Distance(int i, int a, int j, int b)
        {
            double squares = 0;
            for (var k = 0; k < 5; k++)
            {
                var difference = vectors[i][(a * 5) + k] - vectors[j][(b * 5) + k];
                squares += difference * difference;
            }

            return Math.Sqrt(squares);
        }
    }

    [Fact]
    public void Compute_EveryPromptItsOwnCluster_ChangesNothing()
    {
        var vectors = Vectors(50, 2, 4, shift: 0.3, seed: 4);

        var plain = new PairedEnergy(vectors, 4, []).Compute(new SeededRandom(1)).Value;
        var clustered = new PairedEnergy(vectors, 4, [.. Enumerable.Range(0, 50)]).Compute(new SeededRandom(1)).Value;
        var pairs = new PairedEnergy(vectors, 4, [.. Enumerable.Range(0, 50).Select(i => i / 2)]).Compute(new SeededRandom(1)).Value;

        Assert.Equal(plain, clustered);
        Assert.Equal(plain.Value, pairs.Value);
        Assert.Equal(25, pairs.Units);
    }

    [Fact]
    public void Compute_TheSameTexts_IsNoDistance()
    {
        var vectors = Vectors(40, 1, 6, shift: 0, seed: 3).Select(pair => pair.Take(6).Concat(pair.Take(6)).ToArray()).ToArray();

        var estimate = new PairedEnergy(vectors, 6, []).Compute(new SeededRandom(1)).Value;

        Assert.Equal(0, estimate.Value);
        Assert.Equal(1, estimate.Null.PValue);
    }

    /// <summary>Unit vectors around a centre of each prompt; the second side moved by a shift.</summary>
    private static double[][] Vectors(int prompts, int repeats, int dimension, double shift, ulong seed)
    {
        var random = new SeededRandom(seed);
        var vectors = new double[prompts][];
        for (var i = 0; i < prompts; i++)
        {
            var centre = Enumerable.Range(0, dimension).Select(_ => random.NextNormal()).ToArray();
            vectors[i] = new double[2 * repeats * dimension];
            for (var r = 0; r < 2 * repeats; r++)
            {
                var vector = centre.Select((value, k) => value + (0.7 * random.NextNormal()) + (k == 0 && r < repeats ? shift : 0)).ToArray();
                var norm = Math.Sqrt(vector.Sum(value => value * value));
                vector.Select(value => value / norm).ToArray().CopyTo(vectors[i], r * dimension);
            }
        }

        return vectors;
    }
}
