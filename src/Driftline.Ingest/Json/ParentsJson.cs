using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Driftline.Core.Lineages;

namespace Driftline.Ingest.Json;

/// <summary>Reads <c>[{"generation": 2, "branch": "a", "seed": 1, "model": "m", "role": "data", "weight": 0.5}]</c>.</summary>
internal static class ParentsJson
{
    private const string Roles = "data, init, merge, teacher or reference";

    /// <summary>Reads declared parents; a parent without a role gave both data and weights.</summary>
    /// <param name="array">The value of <c>parents</c>.</param>
    /// <param name="parents">What it declares.</param>
    /// <param name="problem">What follows the key's name in the sentence that says what is wrong: "[0].role must be …".</param>
    public static bool TryRead(JsonElement array, out IReadOnlyList<DeclaredParent> parents, [NotNullWhen(false)] out string? problem)
    {
        parents = [];
        problem = null;
        if (array.ValueKind != JsonValueKind.Array)
        {
            problem = $" must be an array of objects, found {Shown(array)}.";
            return false;
        }

        var found = new List<DeclaredParent>();
        foreach (var element in array.EnumerateArray())
        {
            var at = $"[{found.Count}]";
            if (element.ValueKind != JsonValueKind.Object)
            {
                problem = $"{at} must be an object with generation or model, and role; found {Shown(element)}.";
                return false;
            }

            if (!TryParent(element, found, out problem))
            {
                problem = at + problem;
                return false;
            }
        }

        parents = found;
        return true;
    }

    /// <summary>Reads one declared parent, which stands for two when it has no role.</summary>
    public static bool TryReadOne(JsonElement element, out IReadOnlyList<DeclaredParent> parents, [NotNullWhen(false)] out string? problem)
    {
        var found = new List<DeclaredParent>();
        parents = found;
        return TryParent(element, found, out problem);
    }

    private static bool TryParent(JsonElement element, List<DeclaredParent> found, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        int? generation = null;
        double? weight = null;
        string? branch = null, seed = null, model = null, role = null;
        foreach (var property in element.EnumerateObject())
        {
            var value = property.Value;
            if (value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            switch (property.Name)
            {
                case "generation" when value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0:
                    generation = number;
                    break;
                case "generation":
                    problem = $".generation must be an integer ≥ 0, found {Shown(value)}.";
                    return false;
                case "weight" when value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 0 and <= 1:
                    weight = value.GetDouble();
                    break;
                case "weight":
                    problem = $".weight must be a share from 0 to 1, found {Shown(value)}.";
                    return false;
                case "seed" when value.ValueKind == JsonValueKind.Number:
                    seed = value.GetRawText();
                    break;
                case "branch" or "seed" or "model" or "role" when value.ValueKind != JsonValueKind.String:
                    problem = $".{property.Name} must be a string, found {Shown(value)}.";
                    return false;
                case "branch":
                    branch = value.GetString();
                    break;
                case "seed":
                    seed = value.GetString();
                    break;
                case "model":
                    model = value.GetString();
                    break;
                case "role":
                    role = value.GetString();
                    break;
            }
        }

        if (generation is null && model is null)
        {
            problem = " must name its generation or its model.";
            return false;
        }

        ParentRole[] roles = role switch
        {
            null => [ParentRole.Data, ParentRole.Init],
            "data" => [ParentRole.Data],
            "init" => [ParentRole.Init],
            "merge" => [ParentRole.Merge],
            "teacher" => [ParentRole.Teacher],
            "reference" => [ParentRole.Reference],
            _ => [],
        };
        if (roles.Length == 0)
        {
            problem = string.Create(CultureInfo.InvariantCulture, $".role must be {Roles}, found \"{role}\".");
            return false;
        }

        found.AddRange(roles.Select(r => new DeclaredParent(generation, branch, seed, model, r, weight)));
        return true;
    }

    private static string Shown(JsonElement element)
    {
        var text = element.GetRawText();
        return text.Length > 40 ? text[..40] : text;
    }
}
