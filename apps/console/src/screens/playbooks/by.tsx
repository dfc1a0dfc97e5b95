import { useApi } from '../../app/use-api.ts';
import { Ref } from '../../ui/ref.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';

const USER = 'user:';

/** Who saved or published something: people by their names, everything else by its reference. */
export function By({ who }: { readonly who: string }) {
  const people = useApi('listPeople', {}, { enabled: who.startsWith(USER) });
  const name = people.data?.items.find(({ id }) => `${USER}${id}` === who)?.name;
  return <Ref to={who}>{name === undefined ? undefined : <Untrusted text={name} line longest={80} />}</Ref>;
}
