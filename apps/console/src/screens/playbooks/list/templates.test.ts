import { describe, expect, test } from 'vitest';
import { idOfTitle, problemOfId, templates } from './templates.ts';

describe('ids of new playbooks', () => {
  test.each([
    ['Block an IP!', 'block_an_ip'],
    ['  Été 2026: réponse ', 'e_te_2026_re_ponse'],
    ['42 is the answer', 'is_the_answer'],
    ['///', ''],
  ])('%j gives %j', (title, id) => {
    expect(idOfTitle(title)).toBe(id);
  });

  test.each(['a', 'block_ip_2'])('%j can be one', (id) => {
    expect(problemOfId(id)).toBeUndefined();
  });

  test.each(['', 'A', '2a', 'a-b', 'a b', '../a'])('%j cannot', (id) => {
    expect(problemOfId(id)).not.toBeUndefined();
  });
});

describe('templates', () => {
  test.each(templates.map((template) => [template.id, template] as const))(
    '%s carries id and title',
    (_id, template) => {
      const source = template.source('my_id', 'A "quoted" title: yes');
      expect(source).toContain('id: my_id\n');
      expect(source).toContain('title: "A \\"quoted\\" title: yes"\n');
    },
  );
});
