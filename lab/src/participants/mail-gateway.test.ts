import { describe, expect, it } from 'vitest';
import { createMailGateway } from './mail-gateway.ts';

const MAIL = {
  from: 'billing@supplier.example',
  to: ['alice@corp.example', 'bob@corp.example'],
  subject: 'Invoice',
  attachment: { name: 'invoice.exe', bytes: Buffer.from('MZ') },
};

describe('the mail gateway', () => {
  it('delivers a mail, announces its attachment, and gives the bytes to who asks', () => {
    const gateway = createMailGateway();
    const { topic, data } = gateway.receive(MAIL);
    expect(topic).toBe('file.submitted.v1');
    expect(data).toMatchObject({ name: 'invoice.exe', size: 2, sender: MAIL.from, recipients: MAIL.to });
    expect(gateway.inbox('alice@corp.example')).toEqual(['Invoice']);
    expect(gateway.actions.get_attachment?.({ sha256: String(data.sha256) })).toEqual({
      name: 'invoice.exe',
      content_base64: Buffer.from('MZ').toString('base64'),
    });
  });

  it('takes every copy out of the mailboxes, also one that comes later, and puts them back', () => {
    const gateway = createMailGateway();
    const sha256 = String(gateway.receive(MAIL).data.sha256);
    gateway.receive({ ...MAIL, subject: 'Minutes', attachment: { name: 'minutes.txt', bytes: Buffer.from('hello') } });
    expect(gateway.actions.quarantine_mail?.({ sha256 })).toEqual({ sha256, already_quarantined: false, messages: 2 });
    gateway.receive({ ...MAIL, subject: 'Again', to: ['alice@corp.example'] });
    expect(gateway.inbox('alice@corp.example')).toEqual(['Minutes']);
    expect(gateway.held(sha256)).toBe(3);
    gateway.actions.release_mail?.({ sha256 });
    expect(gateway.inbox('alice@corp.example')).toEqual(['Invoice', 'Minutes', 'Again']);
    expect(gateway.held(sha256)).toBe(0);
  });

  it('gives nothing that it never saw', () => {
    expect(() => createMailGateway().actions.get_attachment?.({ sha256: 'a'.repeat(64) })).toThrow('no message');
  });
});
