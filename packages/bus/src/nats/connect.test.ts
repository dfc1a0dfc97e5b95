import { describe, expect, it } from 'vitest';
import { parseNatsUrl } from './connect.ts';

describe('the URL of NATS', () => {
  it('names servers, with the usual port where none is given', () => {
    expect(parseNatsUrl('nats://a.example, nats://b.example:5222')).toEqual({
      servers: ['a.example:4222', 'b.example:5222'],
    });
  });

  it('carries a user with a password, or a token', () => {
    expect(parseNatsUrl('nats://me:p%40ss@a').credentials).toEqual({ user: 'me', pass: 'p@ss' });
    expect(parseNatsUrl('nats://s3cret@a').credentials).toEqual({ token: 's3cret' });
  });

  it('asks for TLS, with files of its own or without', () => {
    expect(parseNatsUrl('tls://a')).toEqual({ servers: ['a:4222'], tls: {} });
    expect(parseNatsUrl('nats://a?ca=/c/ca.pem&cert=/c/me.pem&key=/c/me.key').tls).toEqual({
      caFile: '/c/ca.pem',
      certFile: '/c/me.pem',
      keyFile: '/c/me.key',
    });
  });

  it.each(['', 'a:4222', 'http://a', 'nats://'])('refuses %j without repeating it', (url) => {
    expect(() => parseNatsUrl(url)).toThrow(/not of the form nats:\/\/host:port/);
  });
});
