using Driftline.Core.Measures;

namespace Driftline.Web.Api.Figures;

/// <summary>The order in which answers are shown: that of the options as logged, then the others by name.</summary>
public static class AnswerOrder
{
    /// <summary>Sorts what belongs to answers.</summary>
    /// <param name="items">One item an answer.</param>
    /// <param name="options">The suite's options; empty when none were logged.</param>
    /// <param name="sliceOf">The item's slice, <c>answer=…</c>.</param>
    public static IReadOnlyList<T> Of<T>(IEnumerable<T> items, IReadOnlyList<string> options, Func<T, string?> sliceOf)
    {
        var places = options.Distinct(StringComparer.Ordinal).Select((option, place) => (option, place)).ToDictionary(each => each.option, each => each.place, StringComparer.Ordinal);
        return
        [
            .. items
                .Select(item => (Item: item, Answer: sliceOf(item) is { } slice ? Slice.Parse(slice)[^1].Value : ""))
                .OrderBy(each => places.GetValueOrDefault(each.Answer, int.MaxValue))
                .ThenBy(each => each.Answer, StringComparer.Ordinal)
                .Select(each => each.Item),
        ];
    }
}
