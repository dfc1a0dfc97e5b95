/** What is looked at of a change. */
interface Block {
  readonly id: string;
  /** Such as `ipv4-addr:203.0.113.66`. */
  readonly target: string;
  readonly state: string;
}

/** The block by which a newcomer finds out why an address was blocked: an address before anything else, and one that is blocked now before one that was. */
export function blockToExplain<Row extends Block>(newestFirst: readonly Row[]): Row | undefined {
  const addresses = newestFirst.filter(({ target }) => /^ipv[46]-addr:/.test(target));
  return addresses.find(({ state }) => state === 'performed') ?? addresses[0] ?? newestFirst[0];
}
