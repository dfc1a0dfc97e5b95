/**
 * Watches a stream of MQTT bytes go by and tells when a packet is larger than allowed, from its header alone, so that
 * nothing of that size is ever gathered in memory.
 *
 * @returns a function to be given every chunk in order; it gives the size of a packet that is too large, if there is one
 */
export function createFrameGuard(limit: number): (chunk: Uint8Array) => number | undefined {
  let skip = 0;
  let inLength = false;
  let length = 0;
  let scale = 1;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (skip > 0) {
        const step = Math.min(skip, chunk.length - at);
        skip -= step;
        at += step;
        continue;
      }
      const byte = chunk[at] as number;
      at += 1;
      if (!inLength) {
        inLength = true;
        length = 0;
        scale = 1;
        continue;
      }
      length += (byte & 0x7f) * scale;
      scale *= 0x80;
      // The length has at most four bytes; the parser refuses what claims more.
      if ((byte & 0x80) !== 0 && scale < 0x1000_0000) continue;
      if (length > limit) return length;
      inLength = false;
      skip = length;
    }
    return undefined;
  };
}
