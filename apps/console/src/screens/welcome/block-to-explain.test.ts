import { describe, expect, it } from 'vitest';
import { blockToExplain } from './block-to-explain.ts';

const url = { id: 'url', target: 'url:http://evil.example/', state: 'performed' };
const lifted = { id: 'lifted', target: 'ipv4-addr:203.0.113.7', state: 'undone' };
const held = { id: 'held', target: 'ipv6-addr:2001:db8::1', state: 'performed' };
const older = { id: 'older', target: 'ipv4-addr:203.0.113.9', state: 'performed' };

describe('the block that first steps explain', () => {
  it('is of an address, and in force where one is', () => {
    expect(blockToExplain([url, lifted, held, older])).toBe(held);
    expect(blockToExplain([url, lifted])).toBe(lifted);
  });

  it('is any other where no address was blocked, and none where nothing was', () => {
    expect(blockToExplain([url])).toBe(url);
    expect(blockToExplain([])).toBeUndefined();
  });
});
