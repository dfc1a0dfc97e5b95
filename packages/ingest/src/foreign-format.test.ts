import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { readBody } from './body.ts';
import { foreignFormat } from './foreign-format.ts';

const LIMITS = { jsonDepth: 64, items: 1000 };
const utf8 = new TextDecoder();

describe('what tools send in place of JSON', () => {
  it.each([
    ['syslog', '<34>1 2026-11-22T03:14:15.003Z mail.example.org su - ID47 - su root failed'],
    ['syslog', '<134>Nov 22 03:14:15 ids suricata: {"event_type":"alert"}'],
    ['syslog', 'Nov  2 03:14:15 bastion sshd[812]: Failed password for root from 198.51.100.9'],
    ['cef', 'CEF:0|Vendor|Product|1.0|100|Port scan|5|src=198.51.100.9'],
    ['cef', '<134>Nov 22 03:14:15 host CEF:0|Vendor|Product|1.0|100|Port scan|5|src=198.51.100.9'],
    ['leef', 'LEEF:2.0|Vendor|Product|1.0|15345|^|src=198.51.100.9'],
    ['mail', 'From: a@b.example\nSubject: hello\n\nA mail.'],
    ['mail', 'Received: from mx.example by here;\r\n\tSun, 22 Nov 2026\r\nMessage-ID: <1@x>\r\nDate: now\r\n\r\nHello'],
    ['xml', '<?xml version="1.0"?><Event/>'],
    ['xml', '<!doctype html><title>502 Bad Gateway</title>'],
    ['form', 'payload=%7B%22text%22%3A%22x%22%7D'],
    ['pairs', 'date=2026-11-22 time=03:14:15 devname="fw 1" logid="0000000013" type="traffic"'],
    ['text', 'something bad happened on host7'],
    ['text', 'time,src,dst\n1,198.51.100.9,203.0.113.7'],
    ['text', '2026-11-22 03:14:15 Note: this is text'],
    ['gzip', utf8.decode(Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0))],
    ['utf16', utf8.decode(Buffer.from('\ufeff{"a":"b"}', 'utf16le'))],
  ])('is recognised as %s: %j', (id, text) => {
    const found = foreignFormat(text);
    expect(found?.id).toBe(id);
    const body = readBody(text, 'json', LIMITS);
    expect(body).toEqual({ problem: `it is ${found?.name}, and only JSON is read` });
  });

  it.each(['{"a":}', '', '[1,2', '"a', ' {', '\u001b[31m', '\ufffd\u0001'])('is not seen in %j', (text) => {
    expect(foreignFormat(text)).toBeUndefined();
  });

  it('never hides JSON that can be read', () => {
    expect(readBody('{"message":"CEF:0|a|b"}', 'json', LIMITS)).toMatchObject({ whole: true });
    expect(readBody('<134>x\n{"a":1}', 'lines', LIMITS)).toMatchObject({ whole: false });
  });

  test.prop([fc.json()])('is never seen in JSON', (text) => {
    expect('problem' in readBody(text, 'json', LIMITS)).toBe(false);
  });
});
