import type { Locator } from 'playwright-core';
import type { OpenConsole } from './console.ts';

/** A playbook to practise on. */
export const START = `kind: playbook/v1
id: practice
title: "Practice"

on:
  - manual: {}

steps:
  # What comes first.
  - id: first
    set: { seen: true }   # kept as it is
  - id: second
    set: { copy: "\${{ steps.first.seen }}" }
`;

/** The page of a playbook, with its editor open. */
export interface PlaybookPage {
  /** Puts a text into the draft behind the page's back and opens it. */
  open(id: string, source: string): Promise<void>;
  canvas(): Locator;
  /** A step on the canvas. */
  box(title: string): Locator;
  text(): Locator;
  /** The text that the server has, once everything is saved. */
  saved(id?: string): Promise<string>;
}

/** Reaches the parts of that page. */
export function playbookPage(console: OpenConsole): PlaybookPage {
  const { page, client } = console;
  const canvas = () => page.getByRole('application', { name: /walk the steps/ });
  const box = (title: string) => canvas().getByRole('img', { name: new RegExp(`(^|, )${title}(,|$)`) });
  return {
    canvas,
    box,
    async open(id, source) {
      const { items } = await client.listDrafts();
      const rev = items.find((draft) => draft.playbook === id)?.rev ?? 0;
      await client.saveDraft({ id, body: { source, rev } });
      await page.evaluate('localStorage.clear()');
      await console.goto(`/playbooks/${id}`);
      await box('first').waitFor();
    },
    text: () => page.getByRole('textbox', { name: 'Text of the playbook' }),
    async saved(id = 'practice') {
      await page.getByRole('status').filter({ hasText: 'Draft saved' }).waitFor();
      return (await client.getDraft({ id })).source;
    },
  };
}
