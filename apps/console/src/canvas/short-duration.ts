const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time span in few characters, for boxes: `340 ms`, `2.4 s`, `3 m 20 s`, `5 h`, `2 d`. */
export function shortDuration(millis: number): string {
  if (millis < SECOND) return `${Math.round(millis)} ms`;
  if (millis < 10 * SECOND) return `${(millis / SECOND).toFixed(1)} s`;
  if (millis < MINUTE) return `${Math.round(millis / SECOND)} s`;
  if (millis < HOUR) return two(millis, MINUTE, 'm', SECOND, 's');
  return millis < DAY ? two(millis, HOUR, 'h', MINUTE, 'm') : two(millis, DAY, 'd', HOUR, 'h');
}

function two(millis: number, large: number, word: string, small: number, smallWord: string): string {
  const whole = Math.floor(millis / large);
  const rest = Math.floor((millis % large) / small);
  return rest === 0 ? `${whole} ${word}` : `${whole} ${word} ${rest} ${smallWord}`;
}
