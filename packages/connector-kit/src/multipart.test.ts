import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { encodeForm } from './multipart.ts';

/** Reads a form as any server does. */
function read({ type, body }: ReturnType<typeof encodeForm>): Promise<FormData> {
  return new Response(body as Uint8Array<ArrayBuffer>, { headers: { 'content-type': type } }).formData();
}

describe('a multipart form', () => {
  test.prop([fc.string(), fc.uint8Array({ maxLength: 2_000 })])('arrives as it was sent', async (text, bytes) => {
    const form = await read(
      encodeForm([
        { name: 'package', text },
        { name: 'file', filename: 'a.exe', bytes },
      ]),
    );
    expect(form.get('package')).toBe(Buffer.from(text).toString());
    const file = form.get('file') as File;
    expect(file.name).toBe('a.exe');
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(new Uint8Array(bytes));
  });

  it('lets no file name add a part or a header', async () => {
    const filename = 'x"\r\nContent-Type: text/html\r\n\r\n<script>\r\n--';
    const form = await read(encodeForm([{ name: 'file', filename, bytes: Buffer.from('body') }]));
    expect([...form.keys()]).toEqual(['file']);
    expect(await (form.get('file') as File).text()).toBe('body');
  });
});
