using Driftline.Core.Statistics;

namespace Driftline.Core.Tests.Statistics;

public sealed class SiblingVarianceTests
{
    [Fact]
    public void It_is_the_variance_of_means_without_half_the_squared_error_of_their_difference()
    {
        // Differences 1, 2, 3: mean 2, SE² = 1/3; means 2 and 4 have variance 2.
        var variance = SiblingVariance.Of([[3, 4, 5], [2, 2, 2]], []).Value;

        Assert.Equal(2 - (1 / 3.0 / 2), variance.Variance, 1e-15);
        Assert.Equal((2, 3, null), (variance.Siblings, variance.Prompts, variance.Clusters));
    }

    [Fact]
    public void What_siblings_have_in_common_does_not_count()
    {
        double[] hard = [0, 5, -3, 8, 1];
        double[] one = [1, 2, 1, 2, 1];
        double[] other = [2, 1, 1, 2, 2];

        var plain = SiblingVariance.Of([one, other], []).Value;
        var together = SiblingVariance.Of([Sum(one, hard), Sum(other, hard)], []).Value;

        Assert.Equal(plain.Variance, together.Variance, 1e-12);
    }

    [Theory]
    [InlineData(2, false, 0.0)]
    [InlineData(2, false, 0.04)]
    [InlineData(3, false, 0.04)]
    [InlineData(2, true, 0.04)]
    [InlineData(3, true, 0.0)]
    public void It_is_unbiased(int seeds, bool clustered, double variance)
    {
        const int Lineages = 4000;
        var random = new SeededRandom(17);
        double sum = 0, squares = 0;
        for (var i = 0; i < Lineages; i++)
        {
            var estimate = SiblingVariance.Of(Siblings(ref random, seeds, variance, clustered), clustered ? Clusters : []).Value.Variance;
            sum += estimate;
            squares += estimate * estimate;
        }

        var mean = sum / Lineages;
        var error = Math.Sqrt(((squares / Lineages) - (mean * mean)) / Lineages);
        Assert.InRange(mean, variance - (3.3 * error), variance + (3.3 * error));

        // The simulation is sharp enough to see what leaving the sampling in would do.
        var sampling = clustered ? (1 / 10.0) + (1 / 40.0) : 1 / 40.0;
        Assert.True(error < sampling / 10, $"standard error {error}, sampling {sampling}");
    }

    [Fact]
    public void One_sibling_or_one_prompt_is_too_few()
    {
        Assert.Contains("at least 2 seeds", SiblingVariance.Of([[1.0, 2]], []).Reason, StringComparison.Ordinal);
        Assert.Contains("1 prompt", SiblingVariance.Of([[1.0], [2]], []).Reason, StringComparison.Ordinal);
        Assert.Contains("one cluster", SiblingVariance.Of([[1.0, 2], [2, 2]], [0, 0]).Reason, StringComparison.Ordinal);
    }

    private static readonly int[] Clusters = [.. Enumerable.Range(0, 40).Select(prompt => prompt / 4)];

    /// <summary>Means over 40 prompts that siblings share, which differ in difficulty and, where clustered, in how each model takes a template.</summary>
    private static double[][] Siblings(ref SeededRandom random, int seeds, double variance, bool clustered)
    {
        var difficulty = new double[40];
        for (var prompt = 0; prompt < difficulty.Length; prompt++)
        {
            difficulty[prompt] = 2 * random.NextNormal();
        }

        var siblings = new double[seeds][];
        for (var seed = 0; seed < seeds; seed++)
        {
            var training = Math.Sqrt(variance) * random.NextNormal();
            var values = new double[difficulty.Length];
            double template = 0;
            for (var prompt = 0; prompt < values.Length; prompt++)
            {
                if (clustered && prompt % 4 == 0)
                {
                    template = random.NextNormal();
                }

                values[prompt] = difficulty[prompt] + training + template + random.NextNormal();
            }

            siblings[seed] = values;
        }

        return siblings;
    }

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
