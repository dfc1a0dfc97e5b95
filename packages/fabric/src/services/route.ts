/** What routing needs to know of an instance. */
export interface Routable {
  readonly site: string;
}

/**
 * In which order instances are asked: those of the asker's site first, and among equals each begins in its turn.
 *
 * @param turn Grows with every request to the service.
 */
export function inOrder<Instance extends Routable>(
  instances: readonly Instance[],
  site: string,
  turn: number,
): readonly Instance[] {
  if (instances.length < 2) return instances;
  const near = site === '' ? [] : instances.filter((one) => one.site === site);
  const far = near.length === 0 ? instances : instances.filter((one) => one.site !== site);
  return [...rotated(near, turn), ...rotated(far, turn)];
}

function rotated<Instance>(list: readonly Instance[], turn: number): readonly Instance[] {
  const from = list.length === 0 ? 0 : turn % list.length;
  return [...list.slice(from), ...list.slice(0, from)];
}
