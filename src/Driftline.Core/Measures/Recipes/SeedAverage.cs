using Driftline.Core.Statistics;

namespace Driftline.Core.Measures.Recipes;

/// <summary>
/// A series with the seeds of each branch averaged: seeds are the replicates, with Student's t on k − 1 degrees of freedom for k seeds,
/// and n counts seeds. The origin is shared and not retrained, so it stays as it is, without an interval.
/// </summary>
public static class SeedAverage
{
    /// <summary>Averages a series.</summary>
    /// <param name="series">The series by seed.</param>
    public static MeasureSeries Of(MeasureSeries series) => series with
    {
        TrainingNoise = [],
        Points =
        [
            .. series.Points
                .GroupBy(point => (point.Branch, point.Generation))
                .OrderBy(group => group.Key.Branch, StringComparer.Ordinal)
                .ThenBy(group => group.Key.Generation)
                .Select(group => Average([.. group])),
        ],
    };

    private static SeriesPoint Average(IReadOnlyList<SeriesPoint> seeds)
    {
        var first = seeds[0];
        var valued = seeds.Where(point => point.Estimate.Value is not null).ToList();
        var comparability = seeds.Select(point => point.Comparability).Distinct().ToList();
        return new SeriesPoint(
            first.Branch,
            null,
            first.Generation,
            string.Join(", ", seeds.Select(point => point.Model).Distinct()),
            comparability.Count > 1
                ? Estimate.Without(MeasureStatus.NotComparable, $"Seeds were not measured alike: {string.Join(" / ", comparability.Select(keys => keys ?? "not stated"))}.", valued.Count)
                : Of(first, seeds, valued),
            comparability[0]);
    }

    private static Estimate Of(SeriesPoint first, IReadOnlyList<SeriesPoint> seeds, List<SeriesPoint> valued)
    {
        if (valued.Count == 0)
        {
            return Estimate.Without(first.Estimate.Status, first.Estimate.Reason ?? "No seed has a value.");
        }

        double[] values = [.. valued.Select(point => point.Estimate.Value!.Value)];
        if (values.Length == 1)
        {
            return first.Generation == 0 && seeds.Count == 1
                ? new Estimate { Value = values[0], N = 1, Reason = "Generation 0 is shared by the seeds and not retrained." }
                : Estimate.Without(MeasureStatus.TooFew, "1 seed has a value: an average over seeds needs at least 2.", 1);
        }

        var missing = seeds.Count - values.Length;
        var mean = ClusteredMean.Of(values, []).Value;
        return new Estimate
        {
            Value = mean.Mean,
            Lo = mean.Interval.Lo,
            Hi = mean.Interval.Hi,
            StdErr = mean.StdErr,
            N = values.Length,
            Status = valued.Any(point => point.Estimate.Status == MeasureStatus.Provisional) ? MeasureStatus.Provisional : MeasureStatus.Ok,
            Reason = missing == 0 ? null : $"{missing} of {seeds.Count} seeds have no value here.",
        };
    }
}
