# One curl process per upload, as in a shell loop.
url=$1 file=$2 uploads=$3
for ((i = 0; i < uploads; i++)); do
  curl -sS -o /dev/null -F "file=@$file" "$url"
done
