import { createHash } from 'node:crypto';
import type { FormField } from './form-fields.ts';

const STYLE =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}label{display:block;margin-top:1rem;font-weight:600}input,textarea,select{font:inherit;width:100%;padding:.4rem;box-sizing:border-box}input[type=checkbox]{width:auto}button{font:inherit;margin-top:1.5rem;padding:.5rem 1.5rem}.hint{font-weight:400;margin:0}.wrong{color:#a00000;margin:0}';

/** What a browser may do with a page: show it, with its own style, and send its form back. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in HTML, also in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

function document(title: string, body: string): string {
  const name = escapeHtml(title);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${name}</title><style>${STYLE}</style></head><body><main><h1>${name}</h1>${body}</main></body></html>`;
}

/** What a form page shows. */
export interface FormPage {
  readonly title: string;
  readonly fields: readonly FormField[];
  /** What was entered before. */
  readonly entered: URLSearchParams;
  /** What is wrong, by field; under '' what is wrong as a whole. */
  readonly problems: ReadonlyMap<string, string>;
  /** Tells one sending of the form from the next. */
  readonly submission: string;
  /** Only who is signed in or has an access token may send it. */
  readonly asksToken: boolean;
  /** The proof of who is signed in; undefined when nobody is. */
  readonly proof: string | undefined;
}

/** The page with the form. It needs no script. */
export function formPage({ title, fields, entered, problems, submission, asksToken, proof }: FormPage): string {
  const whole = problems.get('');
  const summary =
    problems.size === 0
      ? ''
      : `<p class="wrong" role="alert">${escapeHtml(whole ?? 'Please correct what is marked.')}</p>`;
  const shown = fields.map((field) => fieldHtml(field, entered, problems.get(field.name))).join('');
  const signedIn = proof !== undefined;
  const token =
    asksToken && !signedIn
      ? '<p class="hint">Signed in to the console? <a href="">Use that sign-in</a>, or give an access token.</p><label for="access_token">Access token</label><input id="access_token" name="access_token" type="password" autocomplete="off" required>'
      : '';
  const carried = { submission, ...(signedIn ? { csrf: proof } : {}) };
  const hidden = Object.entries(carried)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`)
    .join('');
  return document(
    title,
    `${summary}<form method="post">${hidden}${shown}${token}<button type="submit">Send</button></form>`,
  );
}

function fieldHtml(field: FormField, entered: URLSearchParams, problem: string | undefined): string {
  const id = `f-${escapeHtml(field.name)}`;
  const described = [field.description === '' ? '' : `${id}-hint`, problem === undefined ? '' : `${id}-wrong`].filter(
    (one) => one !== '',
  );
  const attributes = [
    `id="${id}"`,
    `name="${escapeHtml(field.name)}"`,
    field.required ? 'required' : '',
    problem === undefined ? '' : 'aria-invalid="true"',
    described.length === 0 ? '' : `aria-describedby="${described.join(' ')}"`,
  ];
  const hint = field.description === '' ? '' : `<p class="hint" id="${id}-hint">${escapeHtml(field.description)}</p>`;
  const wrong = problem === undefined ? '' : `<p class="wrong" id="${id}-wrong">${escapeHtml(problem)}</p>`;
  const label = `<label for="${id}">${escapeHtml(field.title)}${field.required ? ' *' : ''}</label>`;
  return `${label}${hint}${control(field, attributes.filter((one) => one !== '').join(' '), entered)}${wrong}`;
}

function control(field: FormField, attributes: string, entered: URLSearchParams): string {
  const given = entered.get(field.name) ?? (field.fallback === undefined ? '' : String(field.fallback));
  switch (field.kind) {
    case 'area':
    case 'lines':
      return `<textarea ${attributes} rows="5">${escapeHtml(given)}</textarea>`;
    case 'check':
      return `<input ${attributes} type="checkbox"${given === 'on' || given === 'true' ? ' checked' : ''}>`;
    case 'choice': {
      const options = field.choices.map((choice) => {
        const text = escapeHtml(String(choice));
        return `<option value="${text}"${String(choice) === given ? ' selected' : ''}>${text}</option>`;
      });
      return `<select ${attributes}><option value=""></option>${options.join('')}</select>`;
    }
    case 'number':
      return `<input ${attributes} type="number" step="${field.step}" value="${escapeHtml(given)}">`;
    default:
      return `<input ${attributes} type="${field.input}" value="${escapeHtml(given)}">`;
  }
}

/** The page that says that it was sent. */
export function thanksPage(title: string, reference: string): string {
  return document(
    title,
    `<p role="status">Thank you. It was received.</p><p>Reference: <code>${escapeHtml(reference)}</code></p>`,
  );
}

/** The page that says why something was refused. */
export function refusalPage(title: string, reason: string): string {
  return document(title, `<p class="wrong" role="alert">${escapeHtml(reason)}</p>`);
}
