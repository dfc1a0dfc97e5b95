/** The labels of a domain from the last to the first, each with a dot behind it. */
export function reversedDomain(domain: string): string {
  const labels = domain.split('.').filter((label) => label !== '');
  return labels
    .toReversed()
    .map((label) => `${label}.`)
    .join('');
}
