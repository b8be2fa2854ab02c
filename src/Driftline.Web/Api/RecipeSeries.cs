using Driftline.Core.Measures;
using Driftline.Core.Measures.Recipes;
using Driftline.Storage;

namespace Driftline.Web.Api;

/// <summary>Adds training noise and intervals of the recipe to series as they are read: charts, commands and the API have them alike.</summary>
public sealed class RecipeSeries(MeasurementStore measurements, SettingsStore settings)
{
    /// <summary>
    /// The lineage's setting: a JSON object from "SUITE/MEASURE" to the standard deviation of training noise in the measure's unit, which
    /// counts where the lineage itself does not say.
    /// </summary>
    public const string Key = "training_noise";

    /// <summary>The setting's name for a measure of a suite.</summary>
    public static string Name(string suite, string measure) => $"{suite}/{measure}";

    /// <summary>Adds them; measures over a series, and training noise itself, stay as they are.</summary>
    public async Task<MeasureSeries> AddAsync(long lineageId, MeasureSeries series, MeasureDefinition? definition, CancellationToken cancellationToken)
    {
        if (definition?.Needs.HasFlag(MeasureNeeds.Series) == true)
        {
            return series;
        }

        var given = await settings.GetAsync<Dictionary<string, double>>(lineageId, Key, cancellationToken);
        var steps = StepsOf(series.Measure);
        return RecipeIntervals.Add(series, definition, new RecipeEvidence
        {
            Siblings = await measurements.PointsAsync(lineageId, TrainingNoise.IdOf(series.Measure), series.Suite, series.Slice, series.Baseline, cancellationToken),
            Steps = steps is null ? [] : await measurements.PointsAsync(lineageId, steps, series.Suite, series.Slice, Baseline.Parent, cancellationToken),
            Given = given is not null && given.TryGetValue(Name(series.Suite, series.Measure), out var sd) ? sd : null,
            TakesSpread = !MeasureCatalogue.Measures.Any(measure => measure.Definition.Id == series.Measure && measure is IPromptMean),
        });
    }

    /// <summary>The measure whose changes from parent to child are the steps of another; null where there is none.</summary>
    private static string? StepsOf(string measure) => MeasureCatalogue.ChangeOf(measure)
        ?? (MeasureCatalogue.Measures.Any(known => known.Definition.Id == measure && known is IPromptMean && known.Definition.Baselines.Contains(BaselineKind.Parent)) ? measure : null);
}
