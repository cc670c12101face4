import type { Words } from './en.ts';

// What is found in rows of preferences, by its code, where the words for other rows say more than
// is known of these.
const en = {
  invalid_json: ['The line is no JSON', 'Write each row as JSON, in UTF-8, on a line of its own.'],
  extra_row_key: ['The row has an extra key', 'Take it out.'],
  duplicate_row: ['The row is the same as that of line {first}', 'Keep one.'],
  chat_rows: ['These are rows of messages, without two answers', 'Choose the method supervised, or write rows of two answers.'],
  missing_preference_key: ['The row lacks a key', 'A row has input, preferred_output and non_preferred_output.'],
  bad_input: ['What was asked cannot be read', 'Write input as {"messages": [...]}, with tools where there are some.'],
  bad_preference_message: ['A message cannot be used', 'Write {"role": ..., "content": ...} with a text as content.'],
  input_ends_with_answer: ['What was asked ends with an answer', 'End input with what is to be answered.'],
  bad_output: ['One of the two answers cannot be used', 'Write a list of one message from the assistant, with a text.'],
  same_outputs: ['Both answers are the same', 'Write two different answers, or take the row out.'],
} satisfies Record<string, Words>;

export type PreferenceCode = keyof typeof en;

const bg: Record<PreferenceCode, Words> = {
  invalid_json: ['Редът не е JSON', 'Напишете всеки ред като JSON, в UTF-8, на отделен ред.'],
  extra_row_key: ['Редът има излишен ключ', 'Махнете го.'],
  duplicate_row: ['Редът е същият като ред {first}', 'Запазете единия.'],
  chat_rows: ['Това са редове със съобщения, без два отговора', 'Изберете метода с учител или напишете редове с два отговора.'],
  missing_preference_key: ['В реда липсва ключ', 'Редът има input, preferred_output и non_preferred_output.'],
  bad_input: ['Въпросът не може да се прочете', 'Напишете input като {"messages": [...]}, с tools, където има такива.'],
  bad_preference_message: ['Едно съобщение не може да се използва', 'Напишете {"role": ..., "content": ...} с текст като content.'],
  input_ends_with_answer: ['Въпросът завършва с отговор', 'Завършете input с това, на което трябва да се отговори.'],
  bad_output: ['Един от двата отговора не може да се използва', 'Напишете списък с едно съобщение на асистента, с текст.'],
  same_outputs: ['Двата отговора са еднакви', 'Напишете два различни отговора или махнете реда.'],
};

const he: Record<PreferenceCode, Words> = {
  invalid_json: ['השורה אינה JSON', 'יש לכתוב כל שורה כ־JSON, ב־UTF-8, בשורה משלה.'],
  extra_row_key: ['בשורה מפתח מיותר', 'יש להסיר אותו.'],
  duplicate_row: ['השורה זהה לשורה {first}', 'יש להשאיר אחת.'],
  chat_rows: ['אלה שורות של הודעות, בלי שתי תשובות', 'יש לבחור בשיטה המונחית, או לכתוב שורות עם שתי תשובות.'],
  missing_preference_key: ['בשורה חסר מפתח', 'בשורה יש input,‏ preferred_output ו־non_preferred_output.'],
  bad_input: ['אי אפשר לקרוא את מה שנשאל', 'יש לכתוב את input כ־{"messages": [...]}, עם tools היכן שיש.'],
  bad_preference_message: ['אי אפשר להשתמש באחת ההודעות', 'יש לכתוב {"role": ..., "content": ...} עם טקסט ב־content.'],
  input_ends_with_answer: ['מה שנשאל מסתיים בתשובה', 'יש לסיים את input במה שיש להשיב עליו.'],
  bad_output: ['אי אפשר להשתמש באחת משתי התשובות', 'יש לכתוב רשימה של הודעה אחת של העוזר, עם טקסט.'],
  same_outputs: ['שתי התשובות זהות', 'יש לכתוב שתי תשובות שונות, או להסיר את השורה.'],
};

const ms: Record<PreferenceCode, Words> = {
  invalid_json: ['Baris bukan JSON', 'Tulis setiap baris sebagai JSON, dalam UTF-8, pada baris sendiri.'],
  extra_row_key: ['Baris mempunyai kunci lebihan', 'Keluarkannya.'],
  duplicate_row: ['Baris sama dengan baris {first}', 'Simpan satu.'],
  chat_rows: ['Ini baris mesej, tanpa dua jawapan', 'Pilih kaedah diselia, atau tulis baris dengan dua jawapan.'],
  missing_preference_key: ['Baris kekurangan kunci', 'Satu baris ada input, preferred_output dan non_preferred_output.'],
  bad_input: ['Apa yang ditanya tidak dapat dibaca', 'Tulis input sebagai {"messages": [...]}, dengan tools jika ada.'],
  bad_preference_message: ['Satu mesej tidak boleh digunakan', 'Tulis {"role": ..., "content": ...} dengan teks sebagai content.'],
  input_ends_with_answer: ['Apa yang ditanya berakhir dengan jawapan', 'Akhiri input dengan apa yang perlu dijawab.'],
  bad_output: ['Satu daripada dua jawapan tidak boleh digunakan', 'Tulis senarai satu mesej pembantu, dengan teks.'],
  same_outputs: ['Kedua-dua jawapan sama', 'Tulis dua jawapan berlainan, atau keluarkan baris itu.'],
};

export const preferences = { en, bg, he, ms };
