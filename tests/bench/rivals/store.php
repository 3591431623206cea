<?php
// What an administrator would write: the post into a row, synced.
$db = new PDO('sqlite:' . getenv('BENCH_DIR') . '/php.db');
$db->exec('PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
$db->exec('CREATE TABLE IF NOT EXISTS posts (id INTEGER PRIMARY KEY, session TEXT, post TEXT)');
$insert = $db->prepare('INSERT INTO posts (session, post) VALUES (?, ?)');
$insert->execute([$_POST['SessionID'], json_encode($_POST)]);
header('Content-Type: text/plain');
echo "stored\n";
