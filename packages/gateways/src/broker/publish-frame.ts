/**
 * The bytes of a PUBLISH packet of quality of service 0 (MQTT 3.1.1 section 3.3; the same in 3.1).
 *
 * @throws RangeError when the topic is longer than 65,535 bytes
 */
export function publishFrame(topic: string, payload: Uint8Array): Buffer {
  const topicBytes = Buffer.byteLength(topic);
  const remaining = 2 + topicBytes + payload.length;
  const lengthBytes = remaining < 0x80 ? 1 : remaining < 0x4000 ? 2 : remaining < 0x20_0000 ? 3 : 4;
  const frame = Buffer.allocUnsafe(1 + lengthBytes + remaining);
  frame[0] = 0x30;
  let offset = 1;
  for (let rest = remaining; offset <= lengthBytes; rest >>>= 7) {
    frame[offset] = (rest & 0x7f) | (offset < lengthBytes ? 0x80 : 0);
    offset += 1;
  }
  offset = frame.writeUInt16BE(topicBytes, offset);
  offset += frame.write(topic, offset);
  frame.set(payload, offset);
  return frame;
}
