import { ApiError, connection, ConnectionError, post } from '../core/api.ts';
import type { FileObject } from '../core/types.ts';

/** Larger files go in parts, so that a connection that breaks costs a part and not the file. */
export const PART_BYTES = 16 * 1024 * 1024;
const TRIES = 5;
const WAIT_MILLIS = 1000;

interface Upload {
  id: string;
  file: FileObject | null;
}

/** Sends a file and tells how much of it has left; the browser streams it from the disk. */
export function upload(file: File, progress: (share: number) => void, purpose = 'fine-tune'): Promise<FileObject> {
  return file.size > PART_BYTES ? inParts(file, progress, purpose) : whole(file, progress, purpose);
}

function whole(file: File, progress: (share: number) => void, purpose: string): Promise<FileObject> {
  const form = new FormData();
  form.append('purpose', purpose);
  form.append('file', file, file.name);
  return sent<FileObject>('/v1/files', form, (bytes, total) => progress(total ? bytes / total : 0));
}

async function inParts(file: File, progress: (share: number) => void, purpose: string): Promise<FileObject> {
  const { id } = await post<Upload>('/v1/uploads', {
    filename: file.name, purpose, bytes: file.size, mime_type: 'application/jsonl',
  });
  const path = '/v1/uploads/' + encodeURIComponent(id);
  try {
    const parts: string[] = [];
    for (let at = 0; at < file.size; at += PART_BYTES) {
      const data = file.slice(at, at + PART_BYTES);
      parts.push(await part(path, data, (bytes) => progress((at + Math.min(bytes, data.size)) / file.size)));
    }
    const { file: done } = await post<Upload>(path + '/complete', { part_ids: parts });
    if (done) return done;
    throw new Error('an upload that is complete has a file');
  } catch (failure) {
    // What was sent is given up at once; else it would go when the upload runs out.
    void post(path + '/cancel').catch(() => undefined);
    throw failure;
  }
}

/** A part's id. It is sent again, a few times, while the server cannot be reached. */
async function part(path: string, data: Blob, progress: (bytes: number) => void): Promise<string> {
  for (let tries = 1; ; tries++) {
    const form = new FormData();
    form.append('data', data, 'part');
    try {
      return (await sent<{ id: string }>(path + '/parts', form, progress)).id;
    } catch (failure) {
      if (!(failure instanceof ConnectionError) || tries === TRIES) throw failure;
      await new Promise((done) => setTimeout(done, WAIT_MILLIS * tries));
    }
  }
}

/** By the older way of asking, the only one that tells how much has left. */
function sent<T>(path: string, form: FormData, progress: (bytes: number, total: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.setRequestHeader('x-luthier-csrf', connection.csrf);
    request.upload.onprogress = (event): void => progress(event.loaded, event.total);
    request.onerror = (): void => {
      connection.reached(false);
      reject(new ConnectionError('upload'));
    };
    request.onload = (): void => {
      connection.reached(true);
      if (request.status === 200) {
        resolve(JSON.parse(request.responseText) as T);
        return;
      }
      let message = `${request.status} ${request.statusText}`;
      let code: string | null = null;
      let param: string | null = null;
      try {
        ({ message, code, param } = (JSON.parse(request.responseText) as { error: ApiError }).error);
      } catch {
        // Not ours: the status says it.
      }
      reject(new ApiError(request.status, message, code, param));
    };
    request.send(form);
  });
}
