/** A message of a stream, as it came. */
export interface Received {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A stream of server-sent events that a test reads message by message. */
export interface StreamReader {
  /** The next message that is no comment; undefined at the end of the stream. @throws Error after half a minute */
  next(): Promise<Received | undefined>;
  close(): void;
}

function parse(block: string): Received | undefined {
  const fields = Object.fromEntries(
    block.split('\n').flatMap((line) => (line.startsWith(':') ? [] : [line.split(/: (.*)/s).slice(0, 2)])),
  );
  return fields.data === undefined
    ? undefined
    : { id: fields.id ?? '', event: fields.event ?? 'message', data: JSON.parse(fields.data) };
}

/** Opens a stream and resolves when the server has begun to answer. @throws Error with the answer when that is no stream */
export async function readStream(url: string, headers: Readonly<Record<string, string>>): Promise<StreamReader> {
  const closing = new AbortController();
  const response = await fetch(url, { headers, signal: closing.signal });
  if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const read = async (): Promise<Received | undefined> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const message = parse(text.slice(0, end));
        text = text.slice(end + 2);
        if (message) return message;
        continue;
      }
      const { done, value } = await reader.read();
      if (done) return undefined;
      text += value;
    }
  };
  // The first thing that comes is a comment: from then on nothing is missed.
  while (!text.includes('\n\n')) text += (await reader.read()).value ?? '';
  return {
    async next() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('waited half a minute for a message in vain')), 30_000);
      });
      return Promise.race([read(), late]).finally(() => clearTimeout(timer));
    },
    close: () => closing.abort(),
  };
}
