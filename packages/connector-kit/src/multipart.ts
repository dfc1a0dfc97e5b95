import { randomUUID } from 'node:crypto';

/** One part of a form: text, or a file with its bytes. */
export type FormPart =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly filename: string; readonly bytes: Uint8Array };

/** A form as it is sent. */
export interface EncodedForm {
  /** The content type, which names the boundary. */
  readonly type: string;
  readonly body: Uint8Array;
}

/** Names are quoted as browsers do it (HTML Standard, multipart/form-data encoding): nothing can end the quotes. */
function quoted(text: string): string {
  return `"${text.replace(/\r?\n|\r/g, '%0D%0A').replaceAll('"', '%22')}"`;
}

function headOf(part: FormPart): string {
  const disposition = `Content-Disposition: form-data; name=${quoted(part.name)}`;
  if ('text' in part) return `${disposition}\r\n\r\n`;
  return `${disposition}; filename=${quoted(part.filename)}\r\nContent-Type: application/octet-stream\r\n\r\n`;
}

/** Encodes a form as `multipart/form-data` (RFC 7578), under a boundary that nobody can foresee. */
export function encodeForm(parts: readonly FormPart[]): EncodedForm {
  const boundary = `----counterpoint-${randomUUID()}`;
  const pieces = parts.flatMap((part) => [
    Buffer.from(`--${boundary}\r\n${headOf(part)}`),
    'text' in part ? Buffer.from(part.text) : part.bytes,
    Buffer.from('\r\n'),
  ]);
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
  };
}
