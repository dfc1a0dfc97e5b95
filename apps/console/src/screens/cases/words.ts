/** Statuses of cases, as menus name them. */
export const CASE_STATUSES = [
  { value: 'open', label: 'Open' },
  { value: 'in_progress', label: 'In progress' },
  { value: 'resolved', label: 'Resolved' },
  { value: 'closed', label: 'Closed' },
] as const;

/** What follows from putting a case into a status, said before it is done. */
export function statusConsequence(status: string): string | undefined {
  if (status === 'resolved' || status === 'closed') {
    return "This ends the case's claims: changes that nothing else keeps are undone.";
  }
  return undefined;
}
