const STEPS: readonly (readonly [unit: string, millis: number, until: number])[] = [
  ['s', 1_000, 60_000],
  ['min', 60_000, 3_600_000],
  ['h', 3_600_000, 48 * 3_600_000],
  ['d', 86_400_000, 60 * 86_400_000],
  ['months', 30.44 * 86_400_000, 720 * 86_400_000],
  ['years', 365.25 * 86_400_000, Number.POSITIVE_INFINITY],
];

/** A stretch of time in one figure: `12 s`, `3 min`, `5 h`, `9 d`. Milliseconds below one second. */
export function shortDuration(millis: number): string {
  const size = Math.abs(millis);
  if (size < 1_000) return `${Math.round(size)} ms`;
  const step = STEPS.find(([, , until]) => size < until) ?? STEPS[0];
  if (!step) return '';
  const figure = size / step[1];
  return `${figure < 10 && step[0] === 's' ? figure.toFixed(1) : Math.floor(figure)} ${step[0]}`;
}

/** How far ahead what has just happened may seem: the moment of a page is up to five seconds old, and clocks differ. */
const AHEAD = 15_000;

/** A moment as people speak of it: `just now`, `3 min ago`, `in 2 h`. */
export function relativeTime(at: number, now: number): string {
  const millis = at - now;
  if (-5_000 < millis && millis < AHEAD) return 'just now';
  const size = shortDuration(Math.floor(Math.abs(millis) / 1_000) * 1_000).replace('.0', '');
  return millis > 0 ? `in ${size}` : `${size} ago`;
}

const two = (figure: number): string => String(figure).padStart(2, '0');

/** The day of a moment in the time of whoever looks: `2026-11-22`. */
export function localDay(at: number): string {
  const date = new Date(at);
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The hour and minute of a moment in the time of whoever looks: `13:05`. */
export function localMinute(at: number): string {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** A moment in the time of whoever looks, to the second: `2026-11-22 13:05:09`. */
export function absoluteTime(at: number): string {
  return `${localDay(at)} ${localMinute(at)}:${two(new Date(at).getSeconds())}`;
}

/** Both ways of writing a moment, for a tooltip. */
export function bothTimes(at: number): string {
  return `${absoluteTime(at)} (${new Date(at).toISOString()})`;
}
