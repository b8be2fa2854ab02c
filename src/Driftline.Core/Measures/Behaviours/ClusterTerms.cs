using System.Runtime.InteropServices;
using Driftline.Core.Measures.Semantics;

namespace Driftline.Core.Measures.Behaviours;

/// <summary>
/// The words that tell clusters from each other: class-based TF-IDF (Grootendorst 2022), the share of a word in the cluster's words times
/// ln(1 + A/f), A the mean number of words of a cluster, f how often the word occurs in all. Only words that are half as frequent again
/// there as in all, and not there by chance alone (twice or more): the weights by themselves put words such as "the" first.
/// </summary>
internal static class ClusterTerms
{
    private const int Shown = 8;
    private const int Fewest = 2;
    private const double Lift = 1.5;

    /// <summary>The most telling words of each cluster; none where outputs have no words.</summary>
    /// <param name="reference">The evaluations.</param>
    /// <param name="clusters">The outputs of each cluster.</param>
    public static IReadOnlyList<IReadOnlyList<string>> Of(IReadOnlyList<EvaluationTable> reference, IReadOnlyList<IReadOnlyList<ReferenceOutput>> clusters)
    {
        var words = reference.Select(TokenizedOutputs.Of).ToArray();
        var counts = clusters.Select(cluster =>
        {
            var own = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var output in cluster)
            {
                foreach (var type in words[output.Table].Row(output.Row) ?? [])
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(own, words[output.Table].Type(type), out _)++;
                }
            }

            return own;
        }).ToList();
        foreach (var table in reference)
        {
            TokenizedOutputs.Forget(table);
        }

        var all = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (word, count) in counts.SelectMany(own => own))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(all, word, out _) += count;
        }

        double everywhere = all.Values.Sum();
        var mean = everywhere / Math.Max(1, clusters.Count);
        return counts.ConvertAll<IReadOnlyList<string>>(own =>
        {
            double total = own.Values.Sum();
            return
            [
                .. own.Where(word => word.Value >= Fewest && word.Value / total >= Lift * all[word.Key] / everywhere)
                    .OrderByDescending(word => word.Value / total * Math.Log(1 + (mean / all[word.Key])))
                    .ThenBy(word => word.Key, StringComparer.Ordinal)
                    .Take(Shown)
                    .Select(word => word.Key),
            ];
        });
    }
}
