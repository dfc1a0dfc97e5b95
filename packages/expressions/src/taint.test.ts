import { describe, expect, it } from 'vitest';
import { checkExpression } from './check.ts';
import { typeFromJsonSchema } from './schema-types.ts';
import type { ExpressionType } from './types.ts';

const scope: Record<string, ExpressionType> = {
  event: typeFromJsonSchema({
    type: 'object',
    required: ['subject', 'src_ip', 'id', 'urls', 'hops', 'mails', 'score'],
    properties: {
      id: { type: 'string' },
      score: { type: 'integer' },
      subject: { type: 'string', untrusted: true },
      src_ip: { type: 'string', 'x-untrusted': true },
      hops: { type: 'integer', untrusted: true },
      urls: { type: 'array', items: { type: 'string', untrusted: true } },
      mails: {
        type: 'array',
        items: {
          type: 'object',
          required: ['id', 'body'],
          properties: {
            id: { type: 'string' },
            body: { type: 'string', untrusted: true },
            note: { type: 'string', untrusted: true },
          },
        },
      },
    },
  }),
};

function verdict(source: string): boolean {
  const { findings, untrusted } = checkExpression(source, scope);
  expect(findings).toEqual([]);
  return untrusted;
}

describe('taint', () => {
  it.each([
    'event.subject',
    'event',
    '"Phish: " + event.subject',
    'event.subject + event.id',
    'event.subject.lower().trim()',
    'event.id.replace("a", event.subject)',
    '[event.id, event.subject]',
    '[event.id, event.subject][0]',
    '{"s": event.subject}',
    '{event.subject: 1}',
    'event.urls',
    'event.urls[0]',
    'event.urls.first()',
    'event.urls.filter(u, u.contains("x"))',
    'event.urls.map(u, u + "/")',
    'event.urls.unique().sort()',
    'event.urls.join(",")',
    'event.mails.map(m, m.body)',
    'event.mails.map(m, {"id": m.id, "b": m.body})',
    'event.mails.max_by(m, m.id)',
    'event.mails.map(m, m.?note.orValue(""))',
    'event.mails.group_by(m, m.body).keys()',
    'event.score > 1 ? event.subject : "none"',
    'coalesce(event.subject, "x")',
    'json(event)',
    'string(event.mails)',
    'parse_json(event.subject).id',
    'parse_url(event.subject).host',
    'sha256(event.subject)',
    'base64(event.subject)',
    'event.hops + 1',
    'int(event.subject)',
    'rx_find(event.subject, "[0-9]+")',
    'domain_of(event.urls[0])',
    'values({"a": event.subject})',
    'merge({"a": event.id}, {"a": event.subject})',
    'lookup("t", event.subject)',
    'dyn(event.subject)',
    'event.urls.map(u, valid.url(u)) + event.urls',
  ])('stays with what derives from an untrusted field: %s', (source) => {
    expect(verdict(source)).toBe(true);
  });

  it.each([
    'event.id',
    'event.score + 1',
    'valid.ip(event.src_ip)',
    'blockable(event.src_ip)',
    '"ip " + blockable(event.src_ip)',
    'event.urls.map(u, valid.url(u))',
    'event.mails.map(m, m.id)',
    'event.mails.map(m, {"id": m.id, "b": m.body})[0].id',
    '{"s": event.subject, "id": event.id}.id',
    'event.subject == "x"',
    'event.subject in ["a", "b"]',
    'event.subject.contains("x")',
    'event.urls.exists(u, u.contains("x"))',
    'has(event.subject)',
    'size(event.subject)',
    'event.urls.size()',
    'event.subject == "x" ? event.id : "none"',
    'hash_type(event.subject)',
    'type(event.subject)',
  ])('does not stick to what was checked, counted or compared: %s', (source) => {
    expect(verdict(source)).toBe(false);
  });
});
