import { ApiError, connection, ConnectionError } from '../core/api.ts';
import type { FileObject } from '../core/types.ts';

/** Sends a file and tells how much of it has left; the browser streams it from the disk. */
export function upload(file: File, progress: (share: number) => void): Promise<FileObject> {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    form.append('purpose', 'fine-tune');
    form.append('file', file, file.name);
    const request = new XMLHttpRequest();
    request.open('POST', '/v1/files');
    request.setRequestHeader('x-luthier-csrf', connection.csrf);
    request.upload.onprogress = (event): void => progress(event.total ? event.loaded / event.total : 0);
    request.onerror = (): void => {
      connection.reached(false);
      reject(new ConnectionError('upload'));
    };
    request.onload = (): void => {
      if (request.status === 200) {
        resolve(JSON.parse(request.responseText) as FileObject);
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
