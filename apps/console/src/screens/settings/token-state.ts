/** What of a token decides whether it still opens anything. */
export interface TokenLife {
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
}

/** Whether a token can be used at a moment (Unix milliseconds). */
export function tokenState({ expires_at, revoked_at }: TokenLife, now: number): 'valid' | 'expired' | 'revoked' {
  if (revoked_at !== null) return 'revoked';
  return expires_at !== null && expires_at <= now ? 'expired' : 'valid';
}

/** Usable tokens first, then by when they were made, the newest first. */
export function inOrder<Token extends TokenLife & { readonly created_at: number }>(
  tokens: readonly Token[],
  now: number,
): readonly Token[] {
  const usable = (token: Token) => (tokenState(token, now) === 'valid' ? 0 : 1);
  return tokens.toSorted((one, other) => usable(one) - usable(other) || other.created_at - one.created_at);
}

/** Permissions by what they are about: `case:read` stands under `case`. */
export function byNoun<Item extends { readonly permission: string }>(
  items: readonly Item[],
): ReadonlyMap<string, readonly Item[]> {
  return Map.groupBy(items, ({ permission }) => permission.split(':')[0] ?? permission);
}
