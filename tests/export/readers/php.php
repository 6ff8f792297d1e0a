<?php
// Prints each message's recipients as PHP's mailparse reads them.
$all = [];
foreach (array_slice($argv, 1) as $file) {
    $message = mailparse_msg_create();
    mailparse_msg_parse($message, file_get_contents($file));
    $field = mailparse_msg_get_part_data($message)['headers']['to'];
    $all[$file] = array_map(
        fn($box) => [iconv_mime_decode($box['display'], 2, 'UTF-8'), $box['address']],
        mailparse_rfc822_parse_addresses($field)
    );
}
echo json_encode(['mailparse' => $all]);
