/** What a sealed secret of a connection is bound to: opening it for anything else fails. */
export function secretContext(installation: string, node: string, connection: string, field: string): string {
  return [installation, node, connection, field].join('|');
}
