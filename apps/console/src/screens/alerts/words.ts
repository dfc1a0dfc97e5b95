/** Statuses of alerts, as menus name them. */
export const STATUSES = [
  { value: 'new', label: 'New' },
  { value: 'in_progress', label: 'In progress' },
  { value: 'resolved', label: 'Resolved' },
  { value: 'suppressed', label: 'Suppressed' },
] as const;

/** Verdicts, as menus name them. */
export const VERDICTS = [
  { value: 'malicious', label: 'Malicious' },
  { value: 'suspicious', label: 'Suspicious' },
  { value: 'benign', label: 'Benign' },
  { value: 'unknown', label: 'No verdict' },
] as const;

/** Severities, the gravest first. */
export const SEVERITIES = [
  { value: 'fatal', label: 'Fatal' },
  { value: 'critical', label: 'Critical' },
  { value: 'high', label: 'High' },
  { value: 'medium', label: 'Medium' },
  { value: 'low', label: 'Low' },
  { value: 'informational', label: 'Informational' },
  { value: 'unknown', label: 'Unknown' },
] as const;

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Choices with how many rows each would leave: `High (12)`. Those that are not counted have none. */
export function counted(
  choices: readonly Choice[],
  counts: readonly { readonly value: string; readonly count: number }[] | undefined,
): readonly Choice[] {
  if (counts === undefined) return choices;
  const byValue = new Map(counts.map(({ value, count }) => [value, count]));
  return choices.map(({ value, label }) => ({
    value,
    label: `${label} (${(byValue.get(value) ?? 0).toLocaleString('en')})`,
  }));
}
