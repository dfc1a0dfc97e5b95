/** Statuses of cases, as menus name them. */
export const CASE_STATUSES = [
  { value: 'open', label: 'Open' },
  { value: 'in_progress', label: 'In progress' },
  { value: 'resolved', label: 'Resolved' },
  { value: 'closed', label: 'Closed' },
] as const;

/** What follows from putting a case into a status, said before it is done. */
export function statusConsequence(status: string, alerts: readonly { readonly status: string }[]): string | undefined {
  if (status !== 'resolved' && status !== 'closed') return undefined;
  const open = alerts.filter((alert) => alert.status === 'new' || alert.status === 'in_progress').length;
  const left =
    open === 0
      ? ''
      : ` ${open === 1 ? 'One alert in it stays' : `${open} alerts in it stay`} open: resolve what is over under Alerts.`;
  return `This ends the case's claims: changes that nothing else keeps are undone.${left}`;
}
