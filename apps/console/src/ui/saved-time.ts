/** How saved time is counted; the same words wherever it is shown. */
export const SAVED_MEANS =
  'Counted step by step, in runs that have ended: each step that succeeded counts the minutes that its playbook declares for it (minutes_saved), else those that the connector states for the action. Nothing is counted for what failed, was skipped or has no figure.';

/** Minutes as people speak of time saved: `35 min`, `4.5 h`, `3.2 days` (of 8 working hours). */
export function savedTime(minutes: number): string {
  if (minutes < 90) return `${Math.round(minutes)} min`;
  const hours = minutes / 60;
  if (hours < 24) return `${hours < 10 ? hours.toFixed(1).replace(/\.0$/, '') : Math.round(hours)} h`;
  const days = hours / 8;
  return `${days < 10 ? days.toFixed(1).replace(/\.0$/, '') : Math.round(days)} working days`;
}
