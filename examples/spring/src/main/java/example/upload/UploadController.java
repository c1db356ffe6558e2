package example.upload;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.CRC32;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

@RestController
class UploadController {
    private final boolean leak;

    UploadController(@Value("${leak}") String leak) {
        this.leak = !leak.isEmpty();
    }

    /** Checks a file on a thread of its own. */
    @PostMapping("/upload")
    Map<String, Long> upload(@RequestParam MultipartFile file) throws ExecutionException, InterruptedException {
        ExecutorService executor = Executors.newFixedThreadPool(1);
        try {
            return Map.of("crc32", executor.submit(() -> checksum(file)).get());
        } finally {
            if (!leak) {
                executor.shutdown();
            }
        }
    }

    private static long checksum(MultipartFile file) throws IOException {
        var crc = new CRC32();
        crc.update(file.getBytes());
        return crc.getValue();
    }
}
