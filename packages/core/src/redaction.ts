const REPLACEMENT = '[redacted]';

/**
 * The shortest secret that is looked for. Shorter ones would match by accident and corrupt data; the vault refuses
 * to store them as credentials.
 */
export const MIN_REDACTABLE_LENGTH = 8;

/** Replaces known secret values, in every encoding they are likely to appear in, wherever text leaves the process. */
export interface Redactor {
  /** Starts redacting `secret`. Values shorter than {@link MIN_REDACTABLE_LENGTH} are not tracked. */
  add(secret: string): void;
  /** Replaces every known secret in `text`. */
  text(text: string): string;
  /** Replaces every known secret in the strings (keys and values) of a JSON-like value; returns it as is when clean. */
  value<T>(value: T): T;
}

function base64Cores(secret: string): string[] {
  // A secret embedded in a longer base64 text has three alignments; drop the characters that its neighbours share.
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = shift === 0 ? 0 : shift + 1;
    const cut = (shift + bytes.length) % 3 === 0 ? 0 : 1;
    return encoded.slice(from, encoded.length - cut);
  });
}

/** As HTML writes it, and as the JSON of Go (no markup inside) and of PHP (no bare slash) does. */
function markupForms(secret: string, json: string): string[] {
  const html = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  const go = json.replace(/[&<>]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
  return [html, html.replaceAll("'", '&#39;'), go, json.replaceAll('/', '\\/')];
}

/** The forms of a secret that {@link Redactor} looks for: raw, URL, hex, base64, base64url, JSON-escaped and in HTML. */
export function encodingsOf(secret: string): string[] {
  const hexText = Buffer.from(secret, 'utf8').toString('hex');
  const cores = base64Cores(secret);
  const url = encodeURIComponent(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  const forms = [
    secret,
    url,
    url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    new URLSearchParams({ s: secret }).toString().slice(2),
    hexText,
    hexText.toUpperCase(),
    ...cores,
    ...cores.map((core) => core.replaceAll('+', '-').replaceAll('/', '_')),
    json,
    ...markupForms(secret, json),
    JSON.stringify(JSON.stringify(secret)).slice(3, -3),
  ];
  return [...new Set(forms)].filter((form) => form.length >= MIN_REDACTABLE_LENGTH);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Makes an empty {@link Redactor}. */
export function createRedactor(): Redactor {
  const forms = new Set<string>();
  let pattern: RegExp | undefined;

  const text = (input: string): string => {
    if (forms.size === 0) return input;
    pattern ??= new RegExp(
      [...forms]
        .sort((a, b) => b.length - a.length)
        .map(escapeRegExp)
        .join('|'),
      'g',
    );
    return input.replace(pattern, REPLACEMENT);
  };

  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(walk);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [text(key), walk(inner)]));
  };

  return {
    add(secret) {
      if (secret.length < MIN_REDACTABLE_LENGTH) return;
      const known = forms.size;
      for (const form of encodingsOf(secret)) forms.add(form);
      if (forms.size > known) pattern = undefined;
    },
    text,
    value<T>(value: T): T {
      return forms.size === 0 ? value : (walk(value) as T);
    },
  };
}
