using Driftline.Core.Measures;
using Driftline.Core.Measures.Recipes;
using Driftline.Storage;

namespace Driftline.Web.Api;

/// <summary>Adds training noise and intervals of the recipe to series as they are read: charts, commands and the API have them alike.</summary>
public sealed class RecipeSeries(MeasurementStore measurements, SettingsStore settings)
{
    /// <summary>Adds them; measures over a series, and training noise itself, stay as they are.</summary>
    public async Task<MeasureSeries> AddAsync(long lineageId, MeasureSeries series, MeasureDefinition? definition, CancellationToken cancellationToken)
    {
        if (definition?.Needs.HasFlag(MeasureNeeds.Series) == true)
        {
            return series;
        }

        var given = await settings.GetAsync<Dictionary<string, Dictionary<string, double>>>(lineageId, SettingKeys.TrainingNoise, cancellationToken);
        var steps = StepsOf(series.Measure);
        return RecipeIntervals.Add(series, definition, new RecipeEvidence
        {
            Siblings = await measurements.PointsAsync(lineageId, TrainingNoise.IdOf(series.Measure), series.Suite, series.Slice, series.Baseline, cancellationToken),
            Steps = steps is null ? [] : await measurements.PointsAsync(lineageId, steps, series.Suite, series.Slice, Baseline.Parent, cancellationToken),
            Given = GivenOf(given?.GetValueOrDefault(series.Suite), series.Measure),
            TakesSpread = !MeasureCatalogue.Measures.Any(measure => measure.Definition.Id == series.Measure && measure is IPromptMean),
        });
    }

    /// <summary>What was set for a measure; a level has the noise of its change, and the other way round.</summary>
    private static double? GivenOf(Dictionary<string, double>? given, string measure) =>
        given is null ? null
        : given.TryGetValue(measure, out var own) ? own
        : MeasureCatalogue.ChangeOf(measure) is { } change && given.TryGetValue(change, out var changed) ? changed
        : MeasureCatalogue.LevelsOf(measure).Select(level => given.TryGetValue(level, out var sd) ? sd : (double?)null).FirstOrDefault(sd => sd is not null);

    /// <summary>The measure whose changes from parent to child are the steps of another; null where there is none.</summary>
    private static string? StepsOf(string measure) => MeasureCatalogue.ChangeOf(measure)
        ?? (MeasureCatalogue.Measures.Any(known => known.Definition.Id == measure && known is IPromptMean && known.Definition.Baselines.Contains(BaselineKind.Parent)) ? measure : null);
}
