import { createHash, randomUUID } from 'node:crypto';
import { createBlockList } from './block-list.ts';
import type { Announcement } from './fabric.ts';
import { Refusal, type Tool } from './tool.ts';
import { sha256Of } from './values.ts';

/** A file that comes with a mail. */
export interface Attachment {
  readonly name: string;
  readonly bytes: Buffer;
}

/** A mail. */
export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly attachment: Attachment;
}

interface Copy {
  readonly mail: Mail;
  readonly sha256: string;
  readonly recipient: string;
}

/** A simulated mail gateway with its mailboxes. */
export interface MailGateway extends Tool {
  /** Takes in a mail, and gives what is to be announced about its attachment. */
  receive(mail: Mail): Announcement;
  /** Subjects of what somebody finds in the mailbox now. */
  inbox(recipient: string): readonly string[];
  /** How many copies of a file are in quarantine. */
  held(sha256: string): number;
}

/** Makes a {@link MailGateway} with empty mailboxes. A quarantine holds for copies that arrive later too. */
export function createMailGateway(): MailGateway {
  const copies: Copy[] = [];
  const files = new Map<string, Attachment>();
  const list = createBlockList(
    {
      put: 'quarantine_mail',
      lift: 'release_mail',
      look: 'get_quarantine',
      field: 'sha256',
      was: 'already_quarantined',
      is: 'quarantined',
    },
    sha256Of,
  );
  const held = (sha256: string) => (list.has(sha256) ? copies.filter((copy) => copy.sha256 === sha256).length : 0);
  const { quarantine_mail: quarantine, ...others } = list.actions;
  return {
    id: 'mail_gateway',
    actions: {
      ...others,
      quarantine_mail: (input) => {
        const answer = quarantine?.(input) as { sha256: string };
        return { ...answer, messages: held(answer.sha256) };
      },
      get_attachment: ({ sha256 }) => {
        const file = files.get(sha256Of(sha256));
        if (!file) throw new Refusal('no message came with that file');
        return { name: file.name, content_base64: file.bytes.toString('base64') };
      },
    },
    receive(mail) {
      const { name, bytes } = mail.attachment;
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      files.set(sha256, mail.attachment);
      copies.push(...mail.to.map((recipient) => ({ mail, sha256, recipient })));
      const message_id = `<${randomUUID()}@mail.corp.example>`;
      const about = { sender: mail.from, recipients: [...mail.to], message_id, fetch: 'mail_gateway.get_attachment' };
      const data = { sha256, name, size: bytes.length, ...about };
      return { topic: 'file.submitted.v1', subject: sha256, data, id: message_id };
    },
    inbox: (recipient) =>
      copies.filter((copy) => copy.recipient === recipient && !list.has(copy.sha256)).map(({ mail }) => mail.subject),
    held,
  };
}
