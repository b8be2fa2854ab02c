using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Driftline.Core.Figures;
using Driftline.Core.Measures;
using Driftline.Web.Alerts;
using Driftline.Web.Components.Shared;

namespace Driftline.Web.Api.Figures;

/// <summary>The kinds of figures.</summary>
public enum FigureKind
{
    /// <summary>A measure over the generations, one line per branch and seed.</summary>
    Line,

    /// <summary>Answer shares of one branch and seed.</summary>
    Shares,

    /// <summary>Slices by generation of one branch and seed.</summary>
    Heatmap,
}

/// <summary>
/// A figure by name: what a chart asks for and a link can hold. Its address is <c>figures/KIND?lineage=…&amp;measure=…&amp;suite=…</c>
/// with <c>slice</c>, <c>baseline</c> (as <see cref="Core.Measures.Baseline"/> is written), <c>branches</c>, <c>seeds</c>, <c>from</c>, <c>to</c>, <c>interval</c> as in the page's
/// address, <c>branch</c> and <c>seed</c> of the one lane that shares and heatmaps show, <c>by</c> (the heatmap's slice key) and
/// <c>shared=1</c> (value range shared with the sibling figures), <c>draft</c> (see <see cref="DraftThreshold"/>).
/// </summary>
public sealed partial record FigureRequest
{
    private const int LongestFileName = 120;

    /// <summary>The kind.</summary>
    public required FigureKind Kind { get; init; }

    /// <summary>The lineage's name.</summary>
    public required string Lineage { get; init; }

    /// <summary>The measure's id.</summary>
    public required string Measure { get; init; }

    /// <summary>The suite.</summary>
    public required string Suite { get; init; }

    /// <summary>The slice; null is the whole suite.</summary>
    public string? Slice { get; init; }

    /// <summary>What the values compare with.</summary>
    public Baseline Baseline { get; init; }

    /// <summary>Which branches, seeds and generations.</summary>
    public FigureView View { get; init; } = FigureView.All;

    /// <summary>The lane of shares and heatmaps: its branch; null is the first that is shown.</summary>
    public string? Branch { get; init; }

    /// <summary>The lane's seed.</summary>
    public string? Seed { get; init; }

    /// <summary>The slice key of a heatmap's rows (dimension, group).</summary>
    public string? By { get; init; }

    /// <summary>Whether the value range is shared: of a line with its sibling slices, of a heatmap with those of the other lanes.</summary>
    public bool Shared { get; init; }

    /// <summary>The threshold of an alert rule that is being made (line figures only).</summary>
    public DraftThreshold? Draft { get; init; }

    /// <summary>The series that the figure is about.</summary>
    public SeriesKey Key => new(Measure, Suite, Slice, Baseline);

    /// <summary>What a page's view shows, as figures read it.</summary>
    public static FigureView ViewOf(LineageView view) => new()
    {
        Branches = [.. view.Branches.Order(StringComparer.Ordinal)],
        Seeds = [.. view.Seeds.Select(seed => new ShownSeed(seed.Branch, seed.Seed)).OrderBy(seed => seed.Branch, StringComparer.Ordinal).ThenBy(seed => seed.Seed, StringComparer.Ordinal)],
        From = view.From,
        To = view.To,
        Interval = view.Interval,
    };

    /// <summary>The address, relative to the application's base. Two requests are for the same figure when it is equal.</summary>
    /// <param name="format">csv or json for the numbers behind the figure; null for the figure.</param>
    public string ToUri(string? format = null)
    {
        var address = new StringBuilder("figures/").Append(Kind.ToString().ToLowerInvariant()).Append(format is null ? "" : "." + format);
        var separator = '?';
        foreach (var (key, value) in Parameters())
        {
            if (!string.IsNullOrEmpty(value))
            {
                address.Append(separator).Append(key).Append('=').Append(Uri.EscapeDataString(value));
                separator = '&';
            }
        }

        return address.ToString();
    }

    /// <summary>What the figure's file is called, without extension: what it is about, in letters that every file system knows.</summary>
    public string FileName()
    {
        string?[] parts = [Lineage, Measure, Suite, Slice, By, Branch, Seed, Baseline == Baseline.None ? null : $"vs {Baseline}", View.Interval == IntervalKind.Model ? null : View.Interval.ToString().ToLowerInvariant()];
        var name = string.Join('-', parts.OfType<string>().Select(part => OutsideFileNames().Replace(part, "-").Trim('-', '.')).Where(part => part.Length > 0));
        return name.Length == 0 ? "figure" : name[..Math.Min(name.Length, LongestFileName)];
    }

    /// <summary>Reads a request.</summary>
    /// <param name="kind">The last part of the path.</param>
    /// <param name="query">The query; absent parameters are null.</param>
    /// <exception cref="FormatException">Something is missing or cannot be understood; the message names it.</exception>
    public static FigureRequest Parse(string kind, Func<string, string?> query)
    {
        if (!Enum.TryParse<FigureKind>(kind, ignoreCase: true, out var parsed) || int.TryParse(kind, out _))
        {
            throw new FormatException($"There is no figure \"{kind}\". It must be line, shares or heatmap.");
        }

        return new FigureRequest
        {
            Kind = parsed,
            Lineage = Required(query, "lineage"),
            Measure = Required(query, "measure"),
            Suite = Required(query, "suite"),
            Slice = Optional(query, "slice"),
            Baseline = Optional(query, "baseline") is { } baseline ? Baseline.Parse(baseline) : Baseline.None,
            View = new FigureView
            {
                Branches = [.. ListText.Split(query("branches") ?? "")],
                Seeds = [.. ListText.SplitPairs(query("seeds") ?? "").Select(pair => new ShownSeed(pair.First, pair.Second))],
                From = Generation(query, "from"),
                To = Generation(query, "to"),
                Interval = LineageView.IntervalOf(Optional(query, "interval"))
                    ?? throw new FormatException($"There is no interval \"{query("interval")}\". It must be model, recipe or seeds."),
            },
            Branch = Optional(query, "branch"),
            Seed = Optional(query, "seed"),
            By = Optional(query, "by"),
            Shared = Optional(query, "shared") == "1",
            Draft = Optional(query, "draft") is { } draft ? DraftThreshold.Parse(draft) : null,
        };
    }

    [GeneratedRegex("[^A-Za-z0-9._]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OutsideFileNames();

    private IEnumerable<(string Key, string? Value)> Parameters() =>
    [
        ("lineage", Lineage),
        ("measure", Measure),
        ("suite", Suite),
        ("slice", Slice),
        ("baseline", Baseline == Baseline.None ? null : Baseline.ToString()),
        ("branches", ListText.Join(View.Branches)),
        ("seeds", ListText.JoinPairs(View.Seeds.Select(seed => (seed.Branch, seed.Seed)))),
        ("from", View.From?.ToString(CultureInfo.InvariantCulture)),
        ("to", View.To?.ToString(CultureInfo.InvariantCulture)),
        ("interval", LineageView.NameOf(View.Interval)),
        ("branch", Branch),
        ("seed", Seed),
        ("by", By),
        ("shared", Shared ? "1" : null),
        ("draft", Draft?.ToString()),
    ];

    private static string? Optional(Func<string, string?> query, string key) => query(key) is { Length: > 0 } value ? value : null;

    private static string Required(Func<string, string?> query, string key) =>
        Optional(query, key) ?? throw new FormatException($"The parameter \"{key}\" is missing.");

    private static int? Generation(Func<string, string?> query, string key) => Optional(query, key) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var generation) => generation,
        var text => throw new FormatException($"The parameter \"{key}\" must be a generation, 0 or more, not \"{text}\"."),
    };
}
