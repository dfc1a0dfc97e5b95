/** What is asked of a password, and whether it is there; the server has the last word. */
export interface PasswordHint {
  readonly text: string;
  readonly met: boolean;
}

const LEAST = 12;

/** What people are told while they choose a password. */
export function passwordHints(password: string, name: string): readonly PasswordHint[] {
  const lower = password.normalize('NFKC').toLowerCase();
  const letters = (text: string) => text.toLowerCase().replace(/[\d\W_]+/g, '');
  return [
    { text: `${LEAST} characters or more`, met: [...lower].length >= LEAST },
    { text: 'Not the same few characters again and again', met: new Set(lower).size >= 5 },
    { text: 'More than your name', met: lower !== '' && letters(lower) !== letters(name) },
  ];
}

/** How much a password of this length is worth, from 0 to 100, for a bar: length is what counts. */
export function passwordStrength(password: string): number {
  const different = new Set(password.toLowerCase()).size;
  return Math.min(100, Math.round((Math.min([...password].length, different * 3) / 24) * 100));
}
