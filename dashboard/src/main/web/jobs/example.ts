import training from '../../../../../examples/pirate.jsonl';
import validation from '../../../../../examples/pirate-validation.jsonl';
import { upload } from '../parts/upload.ts';

/** Uploads the example rows that come with Luthier; the ids of both files. */
export async function uploadExample(): Promise<[string, string]> {
  const send = (text: string, name: string): Promise<{ id: string }> =>
    upload(new File([text], name, { type: 'application/jsonl' }), () => undefined);
  const files = await Promise.all([send(training, 'pirate.jsonl'), send(validation, 'pirate-validation.jsonl')]);
  return [files[0].id, files[1].id];
}
