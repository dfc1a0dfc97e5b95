import { connectorFailure, testConnector } from '@counterpoint/connector-kit/testing';
import { describe, expect, it } from 'vitest';
import { connectors } from '../connectors.ts';
import { simulate } from './simulator.ts';

const { simulator, perform } = testConnector({
  connector: connectors.get('slack')!,
  simulate,
  calls: { post_message: { channel: 'soc', text: 'hello' }, who_am_i: {} },
});

describe('Slack: post_message', () => {
  it('posts to a channel, and answers in a thread', async () => {
    const posted = (await perform('post_message', { channel: '#soc', text: 'Blocked *203.0.113.66*' })) as {
      channel: string;
      message: string;
    };
    await perform('post_message', { channel: posted.channel, text: 'Lifted', thread: posted.message });
    expect(simulator().messages).toMatchObject([
      { channel: 'C0000SOC', text: 'Blocked *203.0.113.66*', thread: undefined },
      { channel: 'C0000SOC', text: 'Lifted', thread: posted.message },
    ]);
  });

  it('lets text from outside mention nobody and disguise no link', async () => {
    await perform('post_message', { channel: 'soc', text: '<!channel> <https://evil.example|bank> & so on' });
    expect(simulator().messages[0]?.text).toBe('&lt;!channel&gt; &lt;https://evil.example|bank&gt; &amp; so on');
  });

  it.each([
    ['nowhere', 'not_found', 'channel_not_found'],
    ['old', 'forbidden', 'is_archived'],
    ['private', 'forbidden', 'not_in_channel'],
  ])('to %s is %s', async (channel, reason, words) => {
    const error = await connectorFailure(perform('post_message', { channel, text: 'x' }));
    expect(error).toMatchObject({ reason, performed: 'no' });
    expect(error.message).toContain(words);
  });

  it.each([
    ['ratelimited', 'rate_limited', 'no'],
    ['internal_error', 'unavailable', 'maybe'],
    ['token_revoked', 'unauthorized', 'no'],
    ['missing_scope', 'forbidden', 'no'],
    ['msg_too_long', 'invalid_request', 'no'],
  ])('reads the error %s as %s, performed: %s', async (error, reason, performed) => {
    simulator().server.inject({ body: { ok: false, error } });
    const failure = await connectorFailure(perform('post_message', { channel: 'soc', text: 'x' }));
    expect(failure).toMatchObject({ reason, performed });
  });
});
