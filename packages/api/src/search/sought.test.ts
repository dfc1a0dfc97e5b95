import { describe, expect, it } from 'vitest';
import { holdsWords, readSought } from './sought.ts';

describe('what is typed into the search', () => {
  it('is taken for an observable, however it was defanged', () => {
    expect(readSought('203.0.113[.]66').observable).toMatchObject({ type: 'ipv4-addr', value: '203.0.113.66' });
    expect(readSought('hxxp://bad.example/x').observable).toMatchObject({ type: 'url', value: 'http://bad.example/x' });
    expect(readSought('brute force').observable).toBeUndefined();
  });

  it('is taken for an id from eight characters on, with or without its kind', () => {
    expect(readSought('01A201DB').id).toBe('01a201db');
    expect(readSought('run:01a201db-baef').id).toBe('01a201db-baef');
    expect(readSought('01a201d').id).toBe('');
    expect(readSought('firewall').id).toBe('');
  });

  it('is words otherwise, all of which must occur', () => {
    const sought = readSought('  Brute   FORCE ');
    expect(holdsWords(sought, 'Answer a brute', 'by force')).toBe(true);
    expect(holdsWords(sought, 'brute')).toBe(false);
  });
});
